// The dashboard: wires the live topics of one pair to its cards, charts and table.
// What the page knows is exported: a console may import this file and look.

import { mountDashboard } from "../modules/dashboard.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
export const { store } = mountDashboard(document, page);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
