// A chart as real rows, newest first, fifty a page.

import { make, setText } from "../lib/dom.js";

export const ROWS = 50;

// place: an element of its own; columns(): [{column, label, write}]; load({from, to}) resolves with rows {t, …} of a
// stretch, `rows` has all there are at once; range(): what is on screen; stamp(): changes with the data; time: TimeFormat.
export function mountTable(place, { title, columns, load, range, step, stamp, time, rows = null }) {
  // Where each page ends, the newest page first
  let ends = [null];
  let shown = null;
  const head = make("thead");
  const body = make("tbody");
  const caption = make("caption");
  const table = make("table", { className: "table" });
  table.append(caption, head, body);
  const [older, newer] = ["Older", "Newer"].map((text) => make("button", { text, className: "small", attributes: { type: "button" } }));
  const pager = make("p", { className: "pager" });
  pager.append(older, newer);
  place.replaceChildren(table, pager);
  pager.hidden = rows !== null;

  // Asked again only when something changed.
  async function paint() {
    const { from, to } = range();
    const end = Math.min(ends.at(-1) ?? to, to);
    const asked = { from: Math.max(from, end - (ROWS - 1) * step), to: end };
    const key = rows ? stamp() : `${asked.from}/${asked.to}/${ends.length > 1 ? "" : stamp()}`;
    if (key === shown) return;
    shown = key;
    try {
      const found = rows ? rows() : { name: "time", rows: await load(asked) };
      if (key === shown) show(found, asked, from);
    } catch (error) {
      setText(caption, `The rows could not be loaded. ${error.message}`);
      shown = null;
    }
  }

  function show({ name, rows: found }, asked, from) {
    const labels = [name, ...columns().map(({ label }) => label)];
    head.replaceChildren(row(labels.map((text, index) => make("th", { text, className: index ? "number" : "", attributes: { scope: "col" } }))));
    const ordered = rows ? found : [...found].reverse();
    body.replaceChildren(...ordered.map((values) => row(cells(values))));
    setText(caption, found.length ? `${title}: ${found.length} rows` : `${title}: no rows in this stretch`);
    older.disabled = asked.from <= from;
    newer.disabled = ends.length === 1;
    older.dataset.end = asked.from - 1;
  }

  function cells(values) {
    return [
      make("th", { text: rows ? values.t : time.full(values.t), className: "time", attributes: { scope: "row" } }),
      ...columns().map(({ column, write }) => make("td", { text: write(values[column] ?? NaN), className: "number" })),
    ];
  }

  function turn(event) {
    if (event.target === older) ends.push(Number(older.dataset.end));
    else if (event.target === newer) ends.pop();
    else return;
    paint();
  }

  pager.addEventListener("click", turn);
  return {
    paint,
    unmount() {
      pager.removeEventListener("click", turn);
      place.replaceChildren();
    },
  };
}

function row(cells) {
  const line = make("tr");
  line.append(...cells);
  return line;
}
