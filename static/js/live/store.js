// What the page knows of one topic. Snapshot + deltas = fresh snapshot, whatever was merged on the way.

import { Columns, lowerBound } from "./columns.js";
import { judge } from "./verdict.js";

export { lowerBound };
export const COLUMNS = ["y", "x", "spread", "z", "corr", "beta", "alpha"];
export const POINTS = 3_600;

export class SpecStore {
  #columns;

  constructor(limit = POINTS) {
    this.#columns = new Columns(this, COLUMNS, limit);
    this.clear();
  }

  clear() {
    this.seq = null;
    this.at = null;
    this.#columns.clear();
    this.now = {};
    this.unknown = {};
    this.report = null;
    this.spec = null;
    this.forming = null;
  }

  apply(frame) {
    const verdict = judge(this.seq, frame);
    if (verdict !== "applied") return verdict;
    const { data } = frame;
    if (frame.kind === "snapshot") this.clear();
    this.#columns.merge(data.points);
    for (const name of ["now", "unknown", "report", "spec", "forming"]) if (name in data) this[name] = data[name];
    this.seq = frame.seq;
    this.at = Math.max(this.at ?? 0, frame.at) || null;
    return verdict;
  }

  // Index of the point at or next before a time; -1 when all are later.
  indexAt(time) {
    return lowerBound(this.t, time + 1) - 1;
  }
}

// Bars of one instrument; the newest may still form.
export class BarStore {
  #columns;

  constructor(limit = POINTS) {
    this.#columns = new Columns(this, ["o", "h", "l", "c", "v", "q", "n", "f"], limit);
    this.clear();
  }

  clear() {
    this.seq = null;
    this.#columns.clear();
  }

  apply(frame) {
    const verdict = judge(this.seq, frame);
    if (verdict !== "applied") return verdict;
    if (frame.kind === "snapshot") this.clear();
    this.#columns.merge(frame.data.points);
    this.seq = frame.seq;
    return verdict;
  }

  indexAt(time) {
    return lowerBound(this.t, time + 1) - 1;
  }
}

// A topic of which only the newest frame counts: prices, the feed.
export class LatestStore {
  seq = null;
  data = null;

  apply(frame) {
    if (this.seq !== null && frame.seq < this.seq) return "ignored";
    this.seq = frame.seq;
    this.data = frame.data;
    return "applied";
  }

  clear() {
    this.seq = null;
    this.data = null;
  }
}
