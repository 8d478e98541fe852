// How old each panel's data are, by the server's event time.

import { age } from "../lib/format.js";
import { isBarStale } from "../lib/clock.js";
import { setText } from "../lib/dom.js";

export function mountAges(root, { step, time }) {
  const places = [...root.querySelectorAll("[data-age]")];
  return {
    paint(at, now) {
      const late = at !== null && isBarStale(now - at, step);
      const text = at === null ? "no data yet" : late ? `Stale, last bar ended ${time.full(at)}` : `updated ${age(now - at)} ago`;
      for (const place of places) {
        setText(place, text);
        place.classList.toggle("is-stale", late);
      }
      return late;
    },
  };
}
