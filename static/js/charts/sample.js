// At most four points of each pixel column: first, minimum, maximum, last, in order of time.
// A missing stretch stays open: a point without a value stands between its ends.

import { lowerBound } from "../live/store.js";

export function sample(times, values, { from, to, columns, step }) {
  const points = [];
  const width = (to - from) / columns || 1;
  let bucket = null;
  let previous = null;
  const flush = () => {
    if (bucket) for (const index of inOrder(bucket)) points.push({ x: times[index], y: values[index] });
    bucket = null;
  };
  for (let index = lowerBound(times, from); index < times.length && times[index] <= to; index += 1) {
    const value = values[index];
    if (!Number.isFinite(value)) continue;
    if (previous !== null && times[index] - times[previous] > step * 1.5) {
      flush();
      points.push({ x: (times[previous] + times[index]) / 2, y: null });
    }
    const column = Math.floor((times[index] - from) / width);
    if (bucket?.column !== column) {
      flush();
      bucket = { column, first: index, low: index, high: index, last: index };
    } else {
      if (value < values[bucket.low]) bucket.low = index;
      if (value > values[bucket.high]) bucket.high = index;
      bucket.last = index;
    }
    previous = index;
  }
  flush();
  return points;
}

function inOrder({ first, low, high, last }) {
  return [...new Set([first, Math.min(low, high), Math.max(low, high), last])];
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
