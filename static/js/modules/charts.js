// All charts of the page: one range, painted together; those out of sight wait until they are seen.

import { extent } from "../charts/sample.js";
import { TimeFormat } from "../charts/time_axis.js";
import { lineChart } from "../charts/line_chart.js";
import { panels } from "../charts/panels.js";
import { mountCrosshair } from "./crosshair.js";

const DESCRIBE_EVERY_MS = 30_000;
const FEWEST = 60;

export function mountCharts(root, page, { onSeen }) {
  const time = new TimeFormat(page.zone);
  const charts = panels(page).map((panel) => {
    const canvas = root.querySelector(`#chart-${panel.key}`);
    return { ...panel, canvas, box: canvas.parentElement, chart: lineChart(canvas, { ...panel, time, zone: page.zone }) };
  });
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    onSeen();
  });
  charts.forEach(({ box }) => observer.observe(box));
  const crosshair = mountCrosshair(root, charts, { time });
  let describedAt = -Infinity;

  function paint(store, now) {
    const range = rangeOf(store, page.step);
    const isDescribed = now - describedAt < DESCRIBE_EVERY_MS && store.t.length > 1;
    for (const panel of charts) {
      showEmpty(panel, store);
      if (!isDescribed) panel.canvas.setAttribute("aria-label", describe(panel, store, range, time));
      if (!seen.has(panel.box)) continue;
      panel.chart.draw(store, range);
      panel.canvas.dataset.last = store.t.at(-1) ?? "";
    }
    if (!isDescribed) describedAt = now;
    crosshair.follow(store);
  }

  function restyle(store) {
    for (const { chart } of charts) chart.restyle();
    describedAt = -Infinity;
    paint(store, Date.now());
  }

  function unmount() {
    observer.disconnect();
    crosshair.unmount();
    for (const { chart } of charts) chart.destroy();
  }

  return { paint, restyle, unmount };
}

function rangeOf({ t }, step) {
  const to = t.at(-1) ?? 0;
  return { from: Math.min(t[0] ?? 0, to - FEWEST * step), to, step };
}

function showEmpty({ box, series }, store) {
  const isEmpty = series.every(({ column }) => !store[column].some(Number.isFinite));
  const text = box.querySelector("[data-empty]");
  if (text.hidden === isEmpty) text.hidden = !isEmpty;
  if (isEmpty && store.t.length) text.textContent = store.unknown[series[0].column] ?? "No values yet";
}

function describe({ title, series }, store, { from, to }, time) {
  if (!store.t.length) return `${title}: no data yet`;
  const words = series.map(({ column, label, write }) => {
    const range = extent(store.t, store[column], from, to);
    return range ? `${label} last ${write(range.last)}, minimum ${write(range.low)}, maximum ${write(range.high)}` : `${label} unknown`;
  });
  return `${title} from ${time.full(from)} to ${time.full(to)}: ${words.join("; ")}`;
}
