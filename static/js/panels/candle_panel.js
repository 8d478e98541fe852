// Candles of one leg with their volume.

import { drawZone, timeScale, valueScales } from "../charts/axes.js";
import { candleMark, createChart, drawStretch } from "../charts/engine.js";
import { setText } from "../lib/dom.js";
import { decimalsOf, duration, number } from "../lib/format.js";
import { writer } from "./definitions.js";
import { mountOverlay } from "./overlay.js";
import { partsOf, showReason } from "./parts.js";

const NAMES = { o: "open", h: "high", l: "low", c: "close", v: "volume" };

export function candlePanel(element, { page, time, zone }) {
  const parts = partsOf(element);
  const mark = candleMark();
  let stretches = [];
  let isDrawn = false;
  let leg = "y";
  let shown = { candles: [], width: page.step };
  const chart = createChart(parts.canvas, {
    marks: [mark],
    scales: { x: timeScale(time), ...valueScales({ y: {} }) },
    corner: (ctx, scale, tone) => drawZone(ctx, scale, { zone, time, tone }),
    backdrop: (ctx, frame, tone) => stretches.forEach((stretch) => drawStretch(ctx, frame, stretch, tone)),
  });
  const overlay = mountOverlay(parts.box, () => chart.area);
  const write = (value) => number(value, decimalsOf(page[leg].tick));

  function draw({ range, view, bars, staleFrom }) {
    isDrawn = true;
    leg = view.candles;
    shown = bars[leg].candles(range);
    mark.shown = shown.candles;
    const newest = shown.candles.at(-1);
    const end = newest ? newest.t + newest.span.width : range.from;
    stretches = staleFrom === null ? [] : [{ from: Math.max(staleFrom, end), to: range.to, colour: "hatch", words: "Stale" }];
    chart.show(range.from, range.to);
    overlay.fit();
    setText(parts.words, shown.width > page.step ? `${duration(shown.width / 1_000)} each` : "");
  }

  function describe({ range, view, bars }) {
    leg = view.candles;
    const { candles } = bars[leg].candles(range);
    if (!candles.length) return "Candles: no bars yet";
    const [low, high] = [Math.min(...candles.map(({ l }) => l)), Math.max(...candles.map(({ h }) => h))];
    return `Candles of ${page[leg].symbol} from ${time.full(range.from)} to ${time.full(range.to)}: last ${write(candles.at(-1).c)}, minimum ${write(low)}, maximum ${write(high)}`;
  }

  return {
    ...parts,
    key: "candles",
    title: "Candles",
    isOfTime: true,
    get columns() {
      return Object.entries(NAMES).map(([column, label]) => ({ column, label, write: column === "v" ? writer(null) : write }));
    },
    chart,
    overlay,
    draw,
    describe,
    newest: ({ view, bars }) => bars[view.candles].store.t.at(-1),
    stamp: ({ view, bars }) => [view.candles, bars[view.candles].version],
    showEmpty({ view, bars }) {
      const reason = bars[view.candles].isEmpty ? "Waiting for the first bars" : "";
      showReason(parts, reason || (isDrawn && !shown.candles.length ? "No bars in this range" : ""));
    },
    valueText: (y) => write(chart.valueAt(y)),
    legend: () => [{ label: page[leg].symbol, colour: chart.tone.up, dash: [] }],
    unmount() {
      overlay.unmount();
      chart.destroy();
    },
  };
}
