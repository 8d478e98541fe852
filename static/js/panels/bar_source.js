// All that is known of the bars of one leg: what was fetched, and after it the live buffer.

import { candleSize, candlesOf, joined } from "../charts/candles.js";
import { lowerBound } from "../live/columns.js";
import { BAR_ROWS } from "./rows.js";

export class BarSource {
  #store;
  #history;
  #step;
  // The newest answer: it is asked for at every move of the pointer
  #shown = {};

  constructor({ store, history, step }) {
    this.#store = store;
    this.#history = history;
    this.#step = step;
  }

  get store() {
    return this.#store;
  }

  get version() {
    return `${this.#store.seq}/${this.#history.version}`;
  }

  get isEmpty() {
    return !this.#store.t.length && !this.#history.segment;
  }

  want({ from, to }) {
    const { t } = this.#store;
    const pixelMs = candleSize(from, to, this.#step) * this.#step;
    this.#history.want({ from, to, bufferFrom: t[0] ?? Infinity, bufferTo: t.at(-1) ?? null, pixelMs });
  }

  // Candles of the range and how many ms each of them covers.
  candles({ from, to }) {
    const key = `${from}/${to}/${this.version}`;
    if (this.#shown.key !== key) this.#shown = { key, ...this.#candles({ from, to }) };
    return this.#shown;
  }

  #candles({ from, to }) {
    const bufferFrom = this.#store.t[0] ?? Infinity;
    const old = from < bufferFrom ? this.#history.segment?.data : null;
    const width = Math.max(candleSize(from, to, this.#step) * this.#step, old?.width_ms ?? 0);
    const asked = { from, to, step: this.#step, width };
    const newer = candlesOf(this.#store, asked);
    return { width, candles: old ? joined(candlesOf(old.points, { ...asked, until: bufferFrom }), newer) : newer };
  }

  // The one bar that covers a time, of the buffer; null where it is not known singly.
  at(time) {
    const index = lowerBound(this.#store.t, time + 1) - 1;
    if (index < 0 || time >= this.#store.t[index] + this.#step) return null;
    return Object.fromEntries(BAR_ROWS.map((name) => [name, this.#store[name][index]]));
  }
}

// The candle that covers a time.
export function candleAt(candles, time) {
  return candles.findLast(({ t, span }) => time >= t && time < t + span.width) ?? null;
}
