// The panels of a pair: what each chart draws and how its numbers are written.

import { decimalsOf, number, spreadDecimals } from "../lib/format.js";

const TIME_PANELS = ["prices", "zscore", "spread", "correlation", "candles"];
export const KEYS = [...TIME_PANELS, "leadlag", "epps"];

// One entry for each chart over time: {key, title, series, levels, axes}; a series names its column and its figures.
export function timePanels({ y, x, prices }) {
  const spread = spreadDecimals(prices, y.tick, x.tick);
  const own = writer(decimalsOf(y.tick));
  return [
    {
      key: "prices",
      title: "Prices",
      series: [
        { key: "y", token: "series-1", label: y.symbol, write: own },
        { key: "x", token: "series-2", axis: "right", isDashed: true, label: x.symbol, write: writer(decimalsOf(x.tick)) },
        { key: "x_rebased", token: "series-2", isDashed: true, isHelper: true },
      ],
      axes: { y: { format: tickText }, right: { format: tickText, position: "right" } },
    },
    {
      key: "zscore",
      title: "z-score",
      series: [
        { key: "z", token: "series-1", label: "z", write: writer(2, true) },
        { key: "z_forming", token: "series-1", isDashed: true, isHelper: true },
      ],
      levels: ["stop", "entry", "exit", "zero"],
      axes: { y: { format: tickText } },
    },
    {
      key: "spread",
      title: "Spread",
      series: [
        { key: "spread", token: "series-3", label: "spread", write: writer(spread, true) },
        { key: "spread_forming", token: "series-3", isDashed: true, isHelper: true },
      ],
      axes: { y: { format: tickText } },
    },
    {
      key: "correlation",
      title: "Rolling correlation",
      series: [{ key: "corr", token: "series-4", label: "correlation", write: writer(2, true) }],
      axes: { y: { format: tickText } },
    },
    { key: "candles", title: "Candles", series: [], isCandles: true, axes: { y: { format: tickText } } },
  ];
}

export function writer(decimals, sign = false) {
  return (value) => number(value, decimals, { sign });
}

// Ticks have the digits that tell them apart.
export function tickText(value, _index, ticks) {
  const step = ticks.length > 1 ? Math.abs(ticks[1].value - ticks[0].value) : 1;
  return number(value, Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
}
