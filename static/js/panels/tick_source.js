// Single trades of one leg: sampled from the record, and after them the prices that come live.

import { sample } from "../charts/sample.js";
import { lowerBound } from "../live/columns.js";
import { nearest } from "./source.js";

const KEPT = 20_000;
const NONE = { t: [], v: [] };
const REACH_MS = 60_000;

export class TickSource {
  t = [];
  v = [];
  #history;
  #heard = null;

  constructor({ history }) {
    this.#history = history;
  }

  get version() {
    return `${this.#heard}/${this.#history.version}`;
  }

  get state() {
    return this.#history.state;
  }

  // The newest price, once.
  note({ seq, data } = {}) {
    if (!Number.isFinite(data?.price) || seq === this.#heard) return;
    this.#heard = seq;
    if (data.ms < (this.t.at(-1) ?? 0)) return;
    this.t.push(data.ms);
    this.v.push(data.price);
    if (this.t.length > KEPT) for (const column of [this.t, this.v]) column.splice(0, KEPT / 4);
  }

  want({ from, to }, columns) {
    this.#history.want({ from, to, bufferFrom: this.t[0] ?? Infinity, bufferTo: this.t.at(-1) ?? null, pixelMs: (to - from) / columns });
  }

  // Trades have no step: a quiet minute is no missing stretch.
  fill(points, _column, { from, to, columns, scale = 1 }) {
    const { t, v } = this.#old;
    const asked = { from, to, columns, step: Infinity, scale };
    sample(points, t, v, { ...asked, stop: lowerBound(t, this.t[0] ?? Infinity) });
    return sample(points, this.t, this.v, asked);
  }

  first(_column, { from, to }) {
    for (const { t, v } of [this.#old, this]) {
      const index = lowerBound(t, from);
      if (index < t.length && t[index] <= to) return v[index];
    }
    return null;
  }

  at(time) {
    const { t, v } = time >= (this.t[0] ?? Infinity) ? this : this.#old;
    const index = nearest(t, time);
    return index >= 0 && Math.abs(t[index] - time) < REACH_MS ? v[index] : null;
  }

  get #old() {
    return this.#history.segment?.data.columns.price ?? NONE;
  }
}
