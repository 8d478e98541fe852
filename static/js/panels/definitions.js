// The charts of a pair over time: what each draws and how its numbers are written.

import { decimalsOf, number, spreadDecimals } from "../lib/format.js";

export const KEYS = ["prices", "zscore", "spread", "correlation", "candles", "leadlag", "epps"];
// The range of z-scores that is always in sight, in entries
const ROOM = 1.2;

// {key, title, series, levels(view), axes, unit}; a series names its column of the source and how its figures are written.
export function lineKinds({ y, x, prices }) {
  const spread = writer(spreadDecimals(prices, y.tick, x.tick), true);
  return [
    {
      key: "prices",
      title: "Prices",
      series: [
        { column: "y", token: "series-1", label: y.symbol, write: writer(decimalsOf(y.tick)), forming: "y" },
        { column: "x", token: "series-2", axis: "right", dash: [6, 4], label: x.symbol, write: writer(decimalsOf(x.tick)), forming: "x" },
      ],
      axes: { y: { title: y.symbol }, right: { title: x.symbol, position: "right" } },
      canRebase: true,
    },
    {
      key: "zscore",
      title: "z-score",
      series: [{ column: "z", token: "series-1", label: "z", write: writer(2, true), forming: "z" }],
      axes: { y: {} },
      levels: zLevels,
      least: ({ entry }) => ROOM * entry,
    },
    { key: "spread", title: "Spread", series: [{ column: "spread", token: "series-3", label: "spread", write: spread, forming: "spread" }], axes: { y: {} } },
    { key: "correlation", title: "Rolling correlation", series: [{ column: "corr", token: "series-4", label: "correlation", write: writer(2, true) }], axes: { y: {} } },
  ];
}

// Bands at entry and exit, dashed and lightly filled; the stop dotted; zero.
export function zLevels({ entry, exit, stop }) {
  const both = (value, { words, dash, fill = false }) => [
    { value, dash, fill, label: words && `${words} ${number(value, null, { sign: true })}` },
    { value: -value, dash, label: words && `${words} ${number(-value, null, { sign: true })}` },
  ];
  return [
    ...both(stop, { words: "stop", dash: [1, 4] }),
    ...both(entry, { words: "entry", dash: [5, 4], fill: true }),
    ...both(exit, { dash: [5, 4], fill: true }),
    { value: 0 },
  ];
}

export function writer(decimals, sign = false) {
  return (value) => number(value, decimals, { sign });
}
