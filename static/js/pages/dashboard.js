// The dashboard and a pair's own page: wires the live topics of one pair to its cards, charts and tables.
// What the page knows is exported: a console may import this file and look.

import { setText } from "../lib/dom.js";
import { readBy } from "../lib/reader.js";
import { mountDashboard } from "../modules/dashboard.js";
import { opened } from "../modules/opening.js";

const notice = document.getElementById("notice");
const data = JSON.parse(document.getElementById("page-data").textContent);
readBy(data.secret);
const page = await opened(data, {
  onProblem(text) {
    setText(notice, text);
    notice.hidden = false;
  },
});
notice.hidden = true;
export const { store, view } = mountDashboard(document, page);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
