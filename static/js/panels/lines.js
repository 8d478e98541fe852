// The points of each line for a range: sampled from the page's own buffer, and before it as the server sampled them.

import { sample } from "../charts/sample.js";
import { lowerBound } from "../live/columns.js";

// store: {t, <name>}; history: {t, v} already sampled, or null.
export function linePoints(store, name, history, range) {
  const newer = sample(store.t, store[name], range);
  const older = history ? clipped(history, range) : [];
  if (!older.length || !newer.length) return older.length ? older : newer;
  const isGap = newer[0].x - older.at(-1).x > joinable(older, range);
  return isGap ? [...older, { x: (older.at(-1).x + newer[0].x) / 2, y: null }, ...newer] : [...older, ...newer];
}

// Points of a sampled stretch stand as far apart as it was sampled; its last one meets the buffer.
function joinable(older, { step }) {
  const { length } = older;
  return Math.max(1.5 * step, length > 1 ? 8 * (older[length - 1].x - older[length - 2].x) : 0);
}

function clipped({ t, v }, { from, to }) {
  const points = [];
  for (let index = Math.max(0, lowerBound(t, from) - 1); index < t.length && t[index] <= to; index += 1) points.push({ x: t[index], y: v[index] });
  return points;
}

// The same points as multiples of 100 at the first of them inside the range.
export function rebased(points, from) {
  const base = points.find(({ x, y }) => x >= from && Number.isFinite(y))?.y;
  if (!base) return [];
  return points.map(({ x, y }) => ({ x, y: y === null ? null : (y / base) * 100 }));
}

// From the newest known point to the value of the bar that forms, which opened at `at`.
export function formingPoints(store, name, value, at) {
  if (!Number.isFinite(value)) return [];
  let last = store.t.length - 1;
  while (last >= 0 && !Number.isFinite(store[name][last])) last -= 1;
  return last < 0 ? [] : [{ x: store.t[last], y: store[name][last] }, { x: at, y: value }];
}

// The value that stands at a time: of the buffer, else of the older stretch; null where nothing is known.
export function valueAt(store, name, history, time) {
  const index = lowerBound(store.t, time + 1) - 1;
  if (index >= 0) return { time: store.t[index], value: store[name][index] };
  if (!history?.t.length) return null;
  const older = lowerBound(history.t, time + 1) - 1;
  return older < 0 ? null : { time: history.t[older], value: history.v[older] };
}
