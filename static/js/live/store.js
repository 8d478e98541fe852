// What the page knows of one topic. Snapshot + deltas = fresh snapshot, whatever was merged on the way.

export const COLUMNS = ["y", "x", "spread", "z", "corr", "beta", "alpha"];
export const POINTS = 3_600;

// "applied", "ignored" (old news) or "gap" (something is missing before this frame).
function judge(seq, frame) {
  if (frame.kind === "snapshot") return "applied";
  if (seq === null) return "gap";
  if (frame.seq < seq || (frame.seq === seq && frame.prev !== seq)) return "ignored";
  return frame.prev !== null && frame.prev <= seq ? "applied" : "gap";
}

export class SpecStore {
  #limit;

  constructor(limit = POINTS) {
    this.#limit = limit;
    this.clear();
  }

  clear() {
    this.seq = null;
    this.at = null;
    this.t = [];
    for (const name of COLUMNS) this[name] = [];
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
    this.#merge(data.points);
    for (const name of ["now", "unknown", "report", "spec", "forming"]) if (name in data) this[name] = data[name];
    this.seq = frame.seq;
    this.at = Math.max(this.at ?? 0, frame.at) || null;
    return verdict;
  }

  // Index of the point at or next before a time; -1 when all are later.
  indexAt(time) {
    return lowerBound(this.t, time + 1) - 1;
  }

  #merge(points) {
    if (!points) return;
    points.t.forEach((time, from) => {
      const to = time > (this.t.at(-1) ?? -Infinity) ? this.t.length : lowerBound(this.t, time);
      const isNew = this.t[to] !== time;
      if (isNew) this.t.splice(to, 0, time);
      for (const name of COLUMNS) this[name].splice(to, isNew ? 0 : 1, points[name][from]);
    });
    const surplus = this.t.length - this.#limit;
    if (surplus > 0) for (const name of ["t", ...COLUMNS]) this[name].splice(0, surplus);
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

export function lowerBound(times, time) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
