// Places for figures in the page: each has a value, a note that says more or why not, and maybe what it counts, what
// else belongs to it, and a small line of its last minutes.

import { setText } from "../lib/dom.js";
import { sparkline } from "../lib/sparkline.js";

const MARK_MS = 300;

// Elements with data-<kind>="name" show figures[name].
export function mountFigures(root, kind, { timers = globalThis } = {}) {
  const places = [...root.querySelectorAll(`[data-${kind}]`)].map((place) => ({
    place,
    name: place.dataset[kind],
    value: place.querySelector("[data-value]"),
    note: place.querySelector("[data-note]"),
    count: place.querySelector("[data-count]"),
    extra: place.querySelector("[data-extra]"),
    spark: place.querySelector("[data-spark]"),
  }));
  const marked = new Map();

  function mark(place) {
    place.classList.add("is-changed");
    timers.clearTimeout(marked.get(place));
    marked.set(place, timers.setTimeout(() => place.classList.remove("is-changed"), MARK_MS));
  }

  return {
    paint(figures) {
      for (const { place, name, value, note, count, extra, spark } of places) {
        const figure = figures[name];
        if (value.textContent !== figure.text) mark(place);
        setText(value, figure.text);
        setText(note, figure.note);
        if (count) setText(count, figure.count ?? "");
        if (extra) setText(extra, figure.extra ?? "");
        if (spark && figure.spark) draw(spark, figure.spark);
        place.classList.toggle("is-stale", Boolean(figure.isStale));
        if (figure.band) place.dataset.band = figure.band;
      }
    },
    unmount: () => marked.forEach((timer) => timers.clearTimeout(timer)),
  };
}

// `key` says when the line is another one; drawing it each second for nothing would cost.
function draw(path, { key, values, times }) {
  if (path.dataset.key === String(key)) return;
  path.dataset.key = key;
  path.setAttribute("d", sparkline(values, times));
}
