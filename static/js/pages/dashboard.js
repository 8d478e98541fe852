// The dashboard: wires the live topics of one pair to its cards, charts and table.

import { mountDashboard } from "../modules/dashboard.js";

const page = JSON.parse(document.getElementById("page-data").textContent);
mountDashboard(document, page);
window.addEventListener("pageshow", (event) => event.persisted && location.reload());
