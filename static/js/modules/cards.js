// Places for figures in the page: each has a value, a note that says more or why not, and maybe what it counts.

import { setText } from "../lib/dom.js";

// Elements with data-<kind>="name" show figures[name].
export function mountFigures(root, kind) {
  const places = [...root.querySelectorAll(`[data-${kind}]`)].map((place) => ({
    place,
    name: place.dataset[kind],
    value: place.querySelector("[data-value]"),
    note: place.querySelector("[data-note]"),
    count: place.querySelector("[data-count]"),
  }));
  return {
    paint(figures) {
      for (const { place, name, value, note, count } of places) {
        const figure = figures[name];
        setText(value, figure.text);
        setText(note, figure.note);
        if (count) setText(count, figure.count ?? "");
        place.classList.toggle("is-stale", Boolean(figure.isStale));
      }
    },
  };
}
