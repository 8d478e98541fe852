// Places for figures in the page: each has a value and a note that says more or why not.

import { setText } from "../lib/dom.js";

// Elements with data-<kind>="name" show figures[name].
export function mountFigures(root, kind) {
  const places = [...root.querySelectorAll(`[data-${kind}]`)].map((place) => ({
    place,
    name: place.dataset[kind],
    value: place.querySelector("[data-value]"),
    note: place.querySelector("[data-note]"),
  }));
  return {
    paint(figures) {
      for (const { place, name, value, note } of places) {
        const figure = figures[name];
        setText(value, figure.text);
        setText(note, figure.note);
        place.classList.toggle("is-stale", Boolean(figure.isStale));
      }
    },
  };
}
