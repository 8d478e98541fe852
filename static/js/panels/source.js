// All that is known of the pair's series: what was fetched, and after it the live buffer.

import { sample } from "../charts/sample.js";
import { lowerBound } from "../live/columns.js";

const NONE = { t: [], v: [] };

export class SpecSource {
  #store;
  #history;
  #exact;
  #step;

  // `exact` gives single rows where the history is thinned out: {at(time)}.
  constructor({ store, history, exact, step }) {
    this.#store = store;
    this.#history = history;
    this.#exact = exact;
    this.#step = step;
  }

  get newest() {
    return this.#store.t.at(-1) ?? null;
  }

  get bufferFrom() {
    return this.#store.t[0] ?? Infinity;
  }

  get version() {
    return `${this.#store.seq}/${this.#history.version}`;
  }

  get earliest() {
    return finite(this.#history.earliest);
  }

  get state() {
    return this.#history.state;
  }

  // Why none of these columns has anything to show; empty when one has.
  reason(columns) {
    const { t, unknown } = this.#store;
    if (this.#history.segment || columns.some((name) => this.#store[name].some(Number.isFinite))) return "";
    if (!t.length) return "Waiting for the first bars";
    return unknown[columns[0]] ?? "No values yet";
  }

  // Why a column has no value now; empty when it has one.
  why(column) {
    const { unknown } = this.#store;
    return Number.isFinite(this.#store[column].at(-1)) ? "" : (unknown[column] ?? "not known");
  }

  // Why nothing is seen of a stretch that could have been fetched.
  absence({ to }, time, column) {
    const { state, earliest } = this;
    if (state.name !== "idle") return state.text || "Loading older data…";
    if (earliest !== null && to < earliest) return `No data before ${time.full(earliest)}`;
    return to >= this.bufferFrom && this.why(column) ? `No values: ${this.why(column)}` : "No data in this range";
  }

  // The newest known value.
  last(column) {
    const { t } = this.#store;
    const index = this.#store[column].findLastIndex(Number.isFinite);
    return index < 0 ? null : { time: t[index], value: this.#store[column][index] };
  }

  want({ from, to }, columns) {
    const { bufferFrom, newest } = this;
    this.#history.want({ from, to, bufferFrom, bufferTo: newest, pixelMs: (to - from) / columns });
  }

  fill(points, column, { from, to, columns, scale = 1 }) {
    const segment = this.#segment(from);
    if (segment) {
      const { t, v } = segment.data.columns[column] ?? NONE;
      sample(points, t, v, { from, to, columns, step: Infinity, scale, stop: lowerBound(t, this.bufferFrom) });
    }
    const seam = Math.max(this.#step, segment?.pixelMs ?? 0);
    return sample(points, this.#store.t, this.#store[column], { from, to, columns, step: this.#step, seam, scale });
  }

  // The first known value of a column in a range: prices are rebased on it.
  first(column, { from, to }) {
    const segment = this.#segment(from);
    const old = segment ? firstIn(segment.data.columns[column] ?? NONE, from, Math.min(to, this.bufferFrom)) : null;
    return old ?? firstIn({ t: this.#store.t, v: this.#store[column] }, from, to);
  }

  // The stretch before the first value that a column ever had, as far as it is in sight.
  warming(column, { from, to }) {
    const { t } = this.#store;
    if (this.#history.segment && this.earliest !== null && this.earliest < this.bufferFrom) return null;
    const start = this.#store[column].findIndex(Number.isFinite);
    return start > 0 && t[start] > from && t[0] < to ? { from: t[0], to: t[start] } : null;
  }

  // What is known at a time: the nearest row, or the stretch without data around it.
  at(time, columns) {
    return time >= this.bufferFrom - this.#step / 2 ? this.#inBuffer(time, columns) : this.#inHistory(time, columns);
  }

  // The time of the row that is so many rows away.
  move(time, by) {
    const { t } = this.#store;
    if (t.length && time >= t[0] && (by > 0 || time > t[0])) {
      const here = nearest(t, time);
      return t[Math.max(0, Math.min(t.length - 1, here + by))];
    }
    const target = time + by * this.#step;
    return target >= this.bufferFrom ? t[0] : Math.max(target, finite(this.#history.earliest) ?? target);
  }

  #inBuffer(time, columns) {
    const { t } = this.#store;
    if (!t.length) return null;
    const index = nearest(t, time);
    const gap = gapAt(t, index, time, this.#step);
    const values = Object.fromEntries(columns.map((name) => [name, gap ? null : this.#store[name]?.[index] ?? null]));
    return { time: gap ? time : t[index], values, gap, isExact: true };
  }

  #inHistory(time, columns) {
    const segment = this.#segment(time);
    if (!segment) return null;
    const row = segment.pixelMs > 2 * this.#step ? this.#exact.at(time) : null;
    if (row) return { ...row, isExact: true };
    const reach = Math.max(this.#step, segment.pixelMs);
    let [at, gap, misses] = [null, null, true];
    const values = {};
    for (const name of columns) {
      const { t, v } = segment.data.columns[name] ?? NONE;
      const index = nearest(t, time);
      const isNear = index >= 0 && Math.abs(t[index] - time) <= reach;
      values[name] = isNear ? v[index] : null;
      if (values[name] !== null) {
        at ??= t[index];
        misses = false;
      } else if (index >= 0) {
        gap ??= holeAt(t, v, index, this.#step);
      }
    }
    return { time: at ?? time, values, gap: misses ? gap : null, isExact: misses || segment.pixelMs <= 2 * this.#step };
  }

  #segment(from) {
    return from < this.bufferFrom ? this.#history.segment : null;
  }
}

export function nearest(times, time) {
  if (!times.length) return -1;
  const after = lowerBound(times, time);
  if (after === 0) return 0;
  if (after === times.length) return after - 1;
  return times[after] - time < time - times[after - 1] ? after : after - 1;
}

// The stretch without rows that a time stands in: from the end of the bar before it to the start of the one after it.
export function gapAt(times, index, time, step) {
  const before = time >= times[index] ? index : index - 1;
  const [left, right] = [times[before], times[before + 1]];
  if (left === undefined || right === undefined || right - left <= 1.5 * step) return null;
  return time > left + step / 2 && time < right - step / 2 ? { from: left + step, to: right } : null;
}

// The same in a thinned series, where a null stands in the middle of what misses.
function holeAt(t, v, index, step) {
  const middle = [index, index - 1, index + 1].find((each) => v[each] === null);
  if (middle === undefined || t[middle - 1] === undefined || t[middle + 1] === undefined) return null;
  return { from: t[middle - 1] + step, to: t[middle + 1] };
}

function firstIn({ t, v }, from, to) {
  for (let index = lowerBound(t, from); index < t.length && t[index] <= to; index += 1) if (Number.isFinite(v[index])) return v[index];
  return null;
}

function finite(value) {
  return Number.isFinite(value) ? value : null;
}
