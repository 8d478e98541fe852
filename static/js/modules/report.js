// The table of tests and fit.

import { make } from "../lib/dom.js";
import { reportRows } from "./report_rows.js";

export function mountReport(body, page) {
  const first = [...body.children];
  let shown = null;

  function paint(report) {
    if (report === shown) return;
    shown = report;
    body.replaceChildren(...(report ? reportRows(report, page).map(line) : first));
  }

  return { paint };
}

function line({ name, value, how }) {
  const row = make("tr");
  row.append(
    make("th", { text: name, attributes: { scope: "row" } }),
    make("td", { text: value, className: "number" }),
    make("td", { text: how, className: "muted" }),
  );
  return row;
}
