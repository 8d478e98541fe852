// The four charts of a pair: what each one draws and how its numbers are written.

import { decimalsOf, number, spreadDecimals } from "../lib/format.js";

export function panels({ y, x, prices }) {
  const spread = spreadDecimals(prices, y.tick, x.tick);
  return [
    {
      key: "prices",
      title: "Prices",
      series: [
        { column: "y", token: "series-1", label: y.symbol, write: writer(decimalsOf(y.tick)) },
        { column: "x", token: "series-2", axis: "right", isDashed: true, label: x.symbol, write: writer(decimalsOf(x.tick)) },
      ],
      axes: {
        y: { format: tickText, title: y.symbol },
        right: { format: tickText, title: x.symbol, position: "right" },
      },
    },
    {
      key: "zscore",
      title: "z-score",
      series: [{ column: "z", token: "series-1", label: "z", write: writer(2, true) }],
      bands: [{ value: 2, isFilled: false }, { value: 0.5, isFilled: true }, { value: 0, isFilled: false }],
      axes: { y: { format: tickText, suggestedMin: -2.5, suggestedMax: 2.5 } },
    },
    {
      key: "spread",
      title: "Spread",
      series: [{ column: "spread", token: "series-3", label: "spread", write: writer(spread, true) }],
      axes: { y: { format: tickText } },
    },
    {
      key: "correlation",
      title: "Rolling correlation",
      series: [{ column: "corr", token: "series-4", label: "correlation", write: writer(2, true) }],
      axes: { y: { format: tickText } },
    },
  ];
}

function writer(decimals, sign = false) {
  return (value) => number(value, decimals, { sign });
}

// Ticks have the digits that tell them apart.
export function tickText(value, _index, ticks) {
  const step = ticks.length > 1 ? Math.abs(ticks[1].value - ticks[0].value) : 1;
  return number(value, Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
}
