// Charts of the newest report: correlation by lag with the band of white noise, and by length of the bar (Epps).

import { barChart } from "../charts/bar_chart.js";
import { setText } from "../lib/dom.js";
import { duration, number } from "../lib/format.js";
import { tickText } from "./definitions.js";

export function reportPanels(root, { page }) {
  const panels = [
    { key: "leadlag", title: "Lead and lag", below: `lag in bars: to the right ${page.y.symbol} leads`, read: (report) => leadLag(report, page) },
    { key: "epps", title: "Correlation by bar length", below: "length of a bar", read: epps },
  ].map((panel) => {
    const canvas = root.querySelector(`#chart-${panel.key}`);
    const element = canvas.closest("[data-panel]");
    const chart = barChart(canvas, { axes: { y: { format: tickText } }, title: panel.below });
    const found = { ...panel, canvas, element, box: canvas.parentElement, chart, shown: undefined, bars: [] };
    found.columns = () => columnsOf(found);
    return found;
  });

  function paint(report, seen) {
    for (const panel of panels) {
      if (panel.shown === report || !seen.has(panel.box) || panel.element.hidden) continue;
      panel.shown = report;
      const { bars, band, words, reason } = panel.read(report);
      panel.bars = bars;
      const empty = panel.box.querySelector("[data-empty]");
      empty.hidden = bars.length > 0;
      setText(empty, reason ?? "");
      panel.canvas.setAttribute("aria-label", `${panel.title}: ${words ?? reason}`);
      setText(panel.element.querySelector("[data-words-of-panel]"), words ?? "");
      if (bars.length) panel.chart.draw({ bars, band });
    }
  }

  return {
    panels,
    paint,
    restyle() {
      for (const panel of panels) {
        panel.chart.restyle();
        panel.shown = undefined;
      }
    },
    unmount: () => panels.forEach(({ chart }) => chart.destroy()),
  };
}

function columnsOf({ bars, below }) {
  return [{ name: below, values: bars.map(({ label }) => label) }, { name: "correlation", values: bars.map(({ value }) => value), write: (value) => number(value, 3) }];
}

export function leadLag(report, page) {
  const found = report?.lead_lag;
  if (!found?.lags?.length) return { bars: [], reason: report?.unknown?.lead_lag ?? "No report yet" };
  const bars = found.lags.map((lag, index) => ({ label: String(lag), value: found.correlations[index], isBest: lag === found.best }));
  const leads = found.best > 0 ? `${page.y.symbol} leads by ${found.best}` : found.best < 0 ? `${page.x.symbol} leads by ${-found.best}` : "no leg leads";
  const best = bars.find(({ isBest }) => isBest);
  const isClear = best && Math.abs(best.value) > found.band;
  return { bars, band: found.band, words: `greatest correlation ${number(best?.value, 3, { sign: true })} at lag ${found.best}: ${leads}${isClear ? "" : ", inside the band of white noise"}` };
}

export function epps(report) {
  const found = report?.epps;
  if (!found?.seconds?.length) return { bars: [], reason: report?.unknown?.epps ?? "No report yet" };
  const bars = found.seconds.map((seconds, index) => ({ label: duration(seconds), value: found.correlations[index], isBest: seconds === found.shortest }));
  return { bars, band: null, words: found.shortest ? `shortest useful bar ${duration(found.shortest)}` : "no length is useful yet" };
}
