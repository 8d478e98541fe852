// The row of key figures.

import { setText } from "../lib/dom.js";

export function mountCards(root) {
  const cards = new Map(
    [...root.querySelectorAll("[data-card]")].map((card) => [
      card.dataset.card,
      { card, value: card.querySelector("[data-value]"), note: card.querySelector("[data-note]") },
    ]),
  );
  return {
    paint(figures) {
      for (const [name, { card, value, note }] of cards) {
        const figure = figures[name];
        setText(value, figure.text);
        setText(note, figure.note);
        card.classList.toggle("is-stale", Boolean(figure.isStale));
      }
    },
  };
}
