// Charts of the newest report: correlation by lag with the band of white noise, and by length of the bar (Epps).

import { valueScales } from "../charts/axes.js";
import { columnsMark, createChart, drawLevels, font } from "../charts/engine.js";
import { setText } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { writer } from "./definitions.js";
import { mountOverlay } from "./overlay.js";
import { partsOf, showReason } from "./parts.js";

const correlation = writer(3, true);

export function leadLag(report, page) {
  const found = report?.lead_lag;
  if (!found?.lags?.length) return { bars: [], reason: report ? (report.unknown?.lead_lag ?? "not in this report") : "No report yet" };
  const bars = found.lags.map((lag, index) => ({ x: lag, value: found.correlations[index], name: lagWords(lag, page), short: number(lag, 0), isBest: lag === found.best }));
  const best = bars.find(({ isBest }) => isBest);
  const isClear = best && Math.abs(best.value) > found.band;
  const words = best ? `${correlation(best.value)} at ${best.name}${isClear ? "" : ", inside the band of white noise"}` : "";
  const levels = Number.isFinite(found.band) ? band(found.band) : [];
  return { bars, levels: [{ value: 0 }, ...levels], words };
}

export function epps(report) {
  const found = report?.epps;
  if (!found?.seconds?.length) return { bars: [], reason: report ? (report.unknown?.epps ?? "not in this report") : "No report yet" };
  const bars = found.seconds.map((seconds, index) => ({
    x: index, value: found.correlations[index], name: `bars of ${duration(seconds)}`, short: duration(seconds), isBest: seconds === found.shortest,
  }));
  const levels = Number.isFinite(found.plateau) ? [{ value: found.plateau, dash: [5, 4], label: "plateau" }] : [];
  const words = found.shortest ? `shortest useful bar ${duration(found.shortest)}` : "no length reaches a plateau";
  return { bars, levels: [{ value: 0 }, ...levels], words };
}

function band(width) {
  return [{ value: width, dash: [5, 4], fill: true, label: "white noise" }, { value: -width, dash: [5, 4] }];
}

function lagWords(lag, { y, x, step }) {
  if (!lag) return "lag 0: both at once";
  const bars = Math.abs(lag);
  return `lag ${number(lag, 0)}: ${lag > 0 ? y.symbol : x.symbol} leads by ${bars} ${bars === 1 ? "bar" : "bars"}, ${duration((bars * step) / 1_000)}`;
}

export function curvePanels(root, page) {
  const kinds = [
    { key: "leadlag", title: "Lead and lag", read: (report) => leadLag(report, page), below: `lag in bars, ${page.y.symbol} leads to the right`, name: "lag" },
    { key: "epps", title: "Correlation by bar length", read: epps, below: "length of a bar", name: "bar" },
  ];
  return kinds.map((kind) => curvePanel(root.querySelector(`[data-panel="${kind.key}"]`), kind));
}

function curvePanel(element, kind) {
  const parts = partsOf(element);
  let shown = { bars: [], levels: [], words: "", reason: "No report yet" };
  let at = null;
  const mark = columnsMark();
  const chart = createChart(parts.canvas, {
    marks: [mark],
    scales: { x: placesScale(kind.below, () => shown.bars), ...valueScales({ y: {} }) },
    backdrop: (ctx, frame, tone) => drawLevels(ctx, frame, shown.levels, tone),
  });
  const overlay = mountOverlay(parts.box, () => chart.area);

  function draw({ report }) {
    shown = { levels: [], words: "", ...kind.read(report) };
    mark.shown = shown.bars;
    const [first, last] = [shown.bars[0]?.x ?? 0, shown.bars.at(-1)?.x ?? 1];
    chart.show(first - 0.5, last + 0.5);
    overlay.fit();
    point(at);
  }

  // Shows one bar by its index; null for what the whole says.
  function point(index) {
    at = index === null || !shown.bars.length ? null : Math.max(0, Math.min(shown.bars.length - 1, index));
    const bar = at === null ? null : shown.bars[at];
    overlay.cross(bar ? chart.pixelOf(bar.x) : null);
    setText(parts.words, bar ? `${bar.name}: ${correlation(bar.value)}` : shown.words);
    return parts.words.textContent;
  }

  return {
    ...parts,
    key: kind.key,
    title: kind.title,
    isOfTime: false,
    chart,
    overlay,
    draw,
    newest: ({ source }) => source.newest,
    stamp: ({ report }) => [report?.as_of_ms ?? "", report?.n ?? ""],
    showEmpty: ({ report }) => showReason(parts, kind.read(report).reason ?? ""),
    describe: ({ report }) => `${kind.title}: ${kind.read(report).reason ?? kind.read(report).words}`,
    pointAt: (pixel) => point(shown.bars.length ? Math.round(chart.timeAt(pixel) - shown.bars[0].x) : null),
    step: (by) => point(at === null ? shown.bars.findIndex(({ isBest }) => isBest) : at + by),
    end: (isLast) => point(isLast ? shown.bars.length - 1 : 0),
    leave: () => point(null),
    columns: [{ column: "value", label: "correlation", write: correlation }],
    rows: () => ({ name: kind.name, rows: shown.bars.map(({ short, value }) => ({ t: short, value })) }),
    legend: () => [{ label: shown.words, colour: chart.tone["series-4"], dash: [] }],
    unmount() {
      overlay.unmount();
      chart.destroy();
    },
  };
}

// An axis of places that are named.
function placesScale(title, bars) {
  return {
    type: "linear",
    afterBuildTicks: (axis) => {
      const all = bars();
      const each = Math.max(1, Math.ceil(all.length / Math.max(2, Math.floor(axis.width / 46))));
      const zero = Math.max(0, all.findIndex(({ x }) => x === 0));
      axis.ticks = all.filter((_, index) => (index - zero) % each === 0).map(({ x }) => ({ value: x }));
    },
    grid: { display: false },
    ticks: { callback: (value) => bars().find(({ x }) => x === value)?.short ?? "", maxRotation: 0, autoSkip: false, font: font(), padding: 2 },
    title: { display: true, text: title, font: font(10), padding: 0 },
  };
}
