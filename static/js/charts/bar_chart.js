// A small chart of columns or of points over a short axis of its own: lead and lag, Epps.

import { BarController, BarElement, CategoryScale, Chart } from "chart.js";
import { colours } from "./colours.js";
import { paintScales, valueScales } from "./scales.js";

Chart.register(BarController, BarElement, CategoryScale);
const TOKENS = ["series-1", "series-4", "border-strong", "grid", "text-muted"];

// axes: {y: {format, …}}; title: of the axis below.
export function barChart(canvas, { axes, title }) {
  let tone = {};
  const chart = new Chart(canvas, {
    type: "bar",
    data: { labels: [], datasets: [{ data: [], barPercentage: 0.9, categoryPercentage: 1 }, ...[1, -1].map(bandLine)] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 6, right: 6 } },
      scales: {
        x: { type: "category", grid: { display: false }, ticks: { maxRotation: 0, autoSkip: true, font: { size: 11 } }, title: { display: true, text: title, font: { size: 11 } } },
        ...valueScales(axes),
      },
    },
  });

  function restyle() {
    tone = colours(TOKENS);
    for (const dataset of chart.data.datasets) dataset.borderColor = tone["border-strong"];
    paintScales(chart.options.scales, tone);
  }

  // bars: [{label, value, isBest}], band: half its width or null.
  function draw({ bars, band }) {
    const [columns, ...lines] = chart.data.datasets;
    chart.data.labels = bars.map(({ label }) => label);
    columns.data = bars.map(({ value }) => value);
    columns.backgroundColor = bars.map(({ isBest }) => tone[isBest ? "series-4" : "series-1"]);
    for (const line of lines) line.data = Number.isFinite(band) ? bars.map(() => line.sign * band) : [];
    chart.update("none");
  }

  restyle();
  return { draw, restyle, destroy: () => chart.destroy() };
}

function bandLine(sign) {
  return { type: "line", sign, data: [], pointRadius: 0, borderWidth: 1, borderDash: [5, 4] };
}
