// Rows in rising time, kept as columns: a row of a time that is there replaces it, the oldest give way.

export class Columns {
  #names;
  #limit;

  constructor(target, names, limit) {
    this.target = target;
    this.#names = names;
    this.#limit = limit;
  }

  clear() {
    this.target.t = [];
    for (const name of this.#names) this.target[name] = [];
  }

  merge(points) {
    if (!points) return;
    const { target } = this;
    points.t.forEach((time, from) => {
      const to = time > (target.t.at(-1) ?? -Infinity) ? target.t.length : lowerBound(target.t, time);
      const isNew = target.t[to] !== time;
      if (isNew) target.t.splice(to, 0, time);
      for (const name of this.#names) target[name].splice(to, isNew ? 0 : 1, points[name][from]);
    });
    const surplus = target.t.length - this.#limit;
    if (surplus > 0) for (const name of ["t", ...this.#names]) target[name].splice(0, surplus);
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
