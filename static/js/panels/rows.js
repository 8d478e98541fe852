// Single rows at full resolution: of a stretch for tables and files, and of one time for the read-out.

import { lowerBound } from "../live/columns.js";

export const ROW_COLUMNS = ["y", "x", "spread", "z", "corr", "beta"];
export const BAR_ROWS = ["o", "h", "l", "c", "v"];
const MOST_ROWS = 20_000;
const WAIT_MS = 100;
const KEPT = 256;

// The answer of a series without `pixels`, as rows in order of time.
export function rowsOf({ columns, points }, names = ROW_COLUMNS) {
  if (points) return points.t.map((t, index) => ({ t, ...Object.fromEntries(names.map((name) => [name, points[name][index]])) }));
  const rows = new Map();
  for (const name of names) {
    const { t, v } = columns[name] ?? { t: [], v: [] };
    t.forEach((time, index) => {
      // A null marks a stretch that misses, not a row
      if (v[index] === null) return;
      if (!rows.has(time)) rows.set(time, { t: time });
      rows.get(time)[name] = v[index];
    });
  }
  return [...rows.values()].sort((a, b) => a.t - b.t);
}

// Rows of the buffer in a range.
export function bufferRows(store, { from, to }, names = ROW_COLUMNS) {
  const rows = [];
  for (let index = lowerBound(store.t, from); index < store.t.length && store.t[index] <= to; index += 1) {
    rows.push({ t: store.t[index], ...Object.fromEntries(names.map((name) => [name, store[name][index]])) });
  }
  return rows;
}

// All rows of a range, in as many requests as it takes; the buffer's own without any. `onPart` hears the share done.
export async function allRows({ store, load, step, range: { from, to }, names = ROW_COLUMNS, onPart = () => {}, signal }) {
  const bufferFrom = store.t[0] ?? Infinity;
  const rows = [];
  const stop = Math.min(to, bufferFrom - 1);
  const width = MOST_ROWS * step - 1;
  for (let start = from; start < stop; start += width + 1) {
    const end = Math.min(stop, start + width);
    rows.push(...rowsOf(await load({ from: Math.floor(start), to: Math.max(Math.floor(start) + 1, Math.floor(end)), signal }), names));
    onPart(Math.min(1, (end - from) / (to - from)));
  }
  return [...rows.filter(({ t }) => t < bufferFrom), ...bufferRows(store, { from, to }, names)];
}

// Rows near single times, fetched when the reader stays there for a moment.
export class ExactRows {
  #load;
  #step;
  #onChange;
  #timers;
  #known = new Map();
  #timer = null;
  #abort = null;

  constructor({ load, step, onChange, timers = globalThis }) {
    this.#load = load;
    this.#step = step;
    this.#onChange = onChange;
    this.#timers = timers;
  }

  // {time, values, gap} as far as it is known, else null and it will be asked for.
  at(time) {
    const key = Math.round(time / this.#step) * this.#step;
    if (this.#known.has(key)) return this.#known.get(key);
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => this.#fetch(key), WAIT_MS);
    return null;
  }

  stop() {
    this.#timers.clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  async #fetch(key) {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const rows = rowsOf(await this.#load({ from: Math.max(0, key - 2 * this.#step), to: key + 2 * this.#step, signal: abort.signal }));
      const row = rows.reduce((best, each) => (best && Math.abs(best.t - key) <= Math.abs(each.t - key) ? best : each), null);
      if (!row) return;
      const values = Object.fromEntries(ROW_COLUMNS.map((name) => [name, row[name] ?? null]));
      if (this.#known.size >= KEPT) this.#known.delete(this.#known.keys().next().value);
      this.#known.set(key, { time: row.t, values, gap: null });
      this.#onChange();
    } catch {
      // The thinned values stay in sight, marked as such
    }
  }
}
