// The stretch of time that the charts show: what it is, and what zooming, panning and following make of it.
// An extent says what there is to see: {edge, first, earliest, step}, epoch ms; `edge` is where a following range ends.

export const PRESETS = ["15m", "1h", "6h", "1d", "7d", "fit"];
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LONGEST = 400 * UNITS.d;
const FEWEST_STEPS = 10;
const SHORTEST = 5_000;
// A young pair has so many steps of room at least
const FIT_STEPS = 60;
// Of the range: how much of it may lie beyond the data
const ROOM = 0.2;
// Of the range: a zoom at its right end keeps following
const RIGHT_END = 0.1;
const SAME = 0.01;

// Length of a following range: "15m" is 900,000; null for "fit" and for what is no range.
export function spanOf(range) {
  const [, count, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(range) ?? [];
  return count ? Math.min(LONGEST, Number(count) * UNITS[unit]) : null;
}

// A following range of that length, by its preset's name where there is one.
export function rangeOf(span) {
  const preset = PRESETS.find((name) => spanOf(name) !== null && Math.abs(spanOf(name) - span) < SAME * span);
  return preset ?? `${Math.max(1, Math.round(span / UNITS.s))}s`;
}

export function isFollowing({ from, to }) {
  return from === null || to === null;
}

// What is on screen.
export function visible(view, extent) {
  if (!isFollowing(view)) return { from: view.from, to: view.to };
  const { edge, first, step } = extent;
  const from = view.range === "fit" ? Math.min(first ?? edge, edge - FIT_STEPS * step) : edge - (spanOf(view.range) ?? spanOf("1h"));
  return { from, to: edge };
}

// Follows to the newest point: the bar that forms now, or later data should the clocks differ.
export function edgeOf({ last, now, step }) {
  return Math.max(last ?? 0, Math.floor(now / step) * step);
}

export function zoomed(range, factor, at, extent) {
  const span = range.to - range.from;
  const next = limit(span * factor, Math.max(SHORTEST, FEWEST_STEPS * extent.step), LONGEST);
  const from = at - ((at - range.from) * next) / span;
  return inside({ from, to: from + next }, extent);
}

export function panned({ from, to }, ms, extent) {
  return inside({ from: from + ms, to: to + ms }, extent);
}

// The same length, moved so that data stay in sight; whole milliseconds.
export function inside({ from, to }, { edge, earliest }) {
  const span = to - from;
  const rightmost = edge + ROOM * span;
  const leftmost = earliest === null || earliest === undefined ? 0 : Math.min(earliest - ROOM * span, edge - span);
  const moved = Math.min(to, rightmost) - span;
  const start = Math.round(Math.max(moved, leftmost));
  return { from: start, to: start + Math.round(span) };
}

// What a zoom makes of the view. Without a time, or at the right end of a range that follows, it goes on following.
export function zoomView(view, extent, factor, at = null) {
  const range = visible(view, extent);
  const isAtEnd = at === null || at > range.to - RIGHT_END * (range.to - range.from);
  if (isFollowing(view) && isAtEnd) {
    const { from, to } = zoomed(range, factor, range.to, extent);
    return { range: rangeOf(to - from), from: null, to: null };
  }
  return zoomed(range, factor, at ?? (range.from + range.to) / 2, extent);
}

export function panView(view, extent, ms) {
  return panned(visible(view, extent), ms, extent);
}

// Just this stretch, in whichever order its ends are given.
export function chosen(one, other, extent) {
  const [from, to] = [Math.min(one, other), Math.max(one, other)];
  return zoomed({ from, to: Math.max(to, from + 1) }, 1, (from + to) / 2, extent);
}

// Follows again, as wide as before.
export function followed(view, extent) {
  if (isFollowing(view)) return {};
  return { range: rangeOf(limit(view.to - view.from, FEWEST_STEPS * extent.step, LONGEST)), from: null, to: null };
}

// Stays where it is.
export function held(view, extent) {
  return isFollowing(view) ? inside(visible(view, extent), extent) : {};
}

// How many points came after a time; `isMore` when the buffer no longer reaches back to it.
export function countAfter(times, mark) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= mark) low = middle + 1;
    else high = middle;
  }
  const count = times.length - low;
  return { count, isMore: low === 0 && count > 0 };
}

function limit(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
