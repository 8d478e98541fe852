// A chart as real rows, newest first: what it draws in the range, from the full data.

import { make } from "../lib/dom.js";

const MOST = 500;

// columns: [{name, values, write}] of equal length, the first one the times.
export function table(columns, title) {
  const count = columns[0].values.length;
  const from = Math.max(0, count - MOST);
  const body = make("tbody");
  for (let row = count - 1; row >= from; row -= 1) {
    const line = make("tr");
    columns.forEach(({ values, write }, index) => {
      line.append(make(index ? "td" : "th", { text: write(values[row]), className: index ? "number" : "", attributes: index ? {} : { scope: "row" } }));
    });
    body.append(line);
  }
  const head = make("tr");
  columns.forEach(({ name }, index) => head.append(make("th", { text: name, className: index ? "number" : "", attributes: { scope: "col" } })));
  const found = make("table", { className: "table" });
  found.append(make("caption", { text: count > MOST ? `${title}: the newest ${MOST} of ${count} rows` : `${title}: ${count} rows` }), wrapped("thead", head), body);
  return found;
}

function wrapped(tag, child) {
  const element = make(tag);
  element.append(child);
  return element;
}
