// A z window that suits the pair: one to three half-lives, as far as the half-life is known.

import { setText } from "../lib/dom.js";
import { number } from "../lib/format.js";

const FEWEST = 20;
const MOST = 5_000;

// {low, high, use} in bars, or null.
export function suggestedWindow(report) {
  const bars = report?.half_life?.bars;
  if (!Number.isFinite(bars)) return null;
  const clamp = (value) => Math.min(MOST, Math.max(FEWEST, Math.round(value)));
  return { low: clamp(bars), high: clamp(3 * bars), use: clamp(2 * bars) };
}

export function mountSuggestion(form) {
  const place = form.querySelector("[data-suggestion]");
  const button = place.querySelector("[data-suggestion-use]");
  let found = null;

  function use() {
    form.elements.zwin.value = found.use;
    form.elements.zwin.focus();
  }

  button.addEventListener("click", use);
  return {
    paint(report) {
      found = suggestedWindow(report);
      place.hidden = !found;
      if (found) setText(place.querySelector("[data-suggestion-text]"), `One to three half-lives are ${number(found.low, 0)} to ${number(found.high, 0)} bars for the z window.`);
    },
    unmount: () => button.removeEventListener("click", use),
  };
}
