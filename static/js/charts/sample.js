// At most four points of each pixel column: first, minimum, maximum, last, in order of time.
// A missing stretch stays open: the pen is lifted between its ends. One point beyond each end of the range is kept,
// so that a line enters and leaves the picture.

import { lowerBound } from "../live/columns.js";
import { Points } from "./points.js";

// Adds to `points` what a drawing of so many pixel columns can show of the values before index `stop`. Two values are
// neighbours when they are at most 1.5 steps apart and nothing unknown stands between them; `seam` is the step up to
// the first value where `points` go on from another source.
export function sample(points, times, values, { from, to, columns, step, seam = step, scale = 1, stop = times.length }) {
  const width = (to - from) / columns || 1;
  const bucket = { column: null, first: 0, low: 0, high: 0, last: 0 };
  const flush = () => {
    if (bucket.column !== null) addInOrder(points, times, values, bucket, scale);
    bucket.column = null;
  };
  let reach = points.end === null ? Infinity : seam * 1.5;
  let isOpen = false;
  for (let index = before(times, values, from); index < stop; index += 1) {
    const value = values[index];
    const time = times[index];
    if (!Number.isFinite(value)) {
      isOpen = true;
      if (time > to) break;
      continue;
    }
    if (points.end !== null && (isOpen || time - points.end > reach)) {
      flush();
      points.add(time, NaN);
    }
    isOpen = false;
    reach = step * 1.5;
    points.end = time;
    if (time < from || time > to) {
      flush();
      points.add(time, value * scale);
      if (time > to) break;
      continue;
    }
    points.see(value * scale);
    const column = Math.floor((time - from) / width);
    if (bucket.column !== column) {
      flush();
      Object.assign(bucket, { column, first: index, low: index, high: index });
    } else {
      if (value < values[bucket.low]) bucket.low = index;
      if (value > values[bucket.high]) bucket.high = index;
    }
    bucket.last = index;
  }
  flush();
  return points;
}

// The newest known value before the range, or the first place inside it.
function before(times, values, from) {
  const start = lowerBound(times, from);
  let index = start - 1;
  while (index >= 0 && !Number.isFinite(values[index])) index -= 1;
  return index >= 0 ? index : start;
}

function addInOrder(points, times, values, { first, low, high, last }, scale) {
  const early = Math.min(low, high);
  const late = Math.max(low, high);
  points.add(times[first], values[first] * scale);
  if (early !== first) points.add(times[early], values[early] * scale);
  if (late !== early && late !== first) points.add(times[late], values[late] * scale);
  if (last !== late && last !== early && last !== first) points.add(times[last], values[last] * scale);
}

// The points of one series alone.
export function sampled(times, values, options) {
  return sample(new Points(), times, values, options);
}

// Minimum and maximum of the values in a range, and its newest one, which may be unknown: for words beside the picture.
export function extent(times, values, from, to) {
  let result = null;
  for (let index = lowerBound(times, from); index < times.length && times[index] <= to; index += 1) {
    const value = values[index];
    if (result) result.last = value;
    if (!Number.isFinite(value)) continue;
    result ??= { low: value, high: value, last: value };
    result.low = Math.min(result.low, value);
    result.high = Math.max(result.high, value);
  }
  return result;
}
