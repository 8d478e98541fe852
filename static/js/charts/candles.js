// Bars as candles, adjacent ones merged so that a chart shows about 300 at most.

import { lowerBound } from "../live/columns.js";

export const FINAL = 1;
export const MOST_CANDLES = 300;
// How many bars make one candle: few sizes, so that candles keep their bounds while the range moves
const SIZES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_440, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];

export function candleSize(from, to, step, most = MOST_CANDLES) {
  const bars = (to - from) / step;
  return SIZES.find((size) => bars / size <= most) ?? Math.ceil(bars / most);
}

// Candles of `width` ms of columns t, o, h, l, c, v, f, which are bars of `step` ms by nature. Those at the ends of the
// range are whole. `until` is where another source goes on.
export function candlesOf(bars, { from, to, step, width, until = Infinity }) {
  const span = { width, offset: (width - step) / 2 };
  const candles = [];
  const start = lowerBound(bars.t, Math.floor(from / width) * width);
  for (let index = start; index < bars.t.length && bars.t[index] <= to && bars.t[index] < until; index += 1) {
    const t = Math.floor(bars.t[index] / width) * width;
    const last = candles.at(-1);
    if (last?.t === t) extend(last, bars, index);
    else candles.push(begin(t, span, bars, index));
  }
  return candles;
}

// One list of two that follow each other; a candle that both have a part of is one.
export function joined(older, newer) {
  const last = older.at(-1);
  const first = newer[0];
  if (!last || !first || last.t !== first.t) return [...older, ...newer];
  const both = { ...first, o: last.o, h: Math.max(last.h, first.h), l: Math.min(last.l, first.l), v: Math.max(last.v, first.v) };
  return [...older.slice(0, -1), both, ...newer.slice(1)];
}

function begin(t, span, { o, h, l, c, v, f }, index) {
  return { t, o: o[index], h: h[index], l: l[index], c: c[index], v: v[index] ?? 0, span, isFinal: Boolean(f[index] & FINAL) };
}

function extend(candle, { h, l, c, v, f }, index) {
  candle.h = Math.max(candle.h, h[index]);
  candle.l = Math.min(candle.l, l[index]);
  candle.c = c[index];
  candle.v += v[index] ?? 0;
  candle.isFinal = Boolean(f[index] & FINAL);
}
