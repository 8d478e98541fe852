// One time chart on Chart.js, tuned: no parsing, no animation, no events, min-max sampling in front of it.

import { Chart, Filler, LineController, LineElement, LinearScale, PointElement } from "chart.js";
import { colours } from "./colours.js";
import { sample } from "./sample.js";
import { timeTicks } from "./time_axis.js";

Chart.register(Filler, LineController, LineElement, LinearScale, PointElement);
const TOKENS = ["series-1", "series-2", "series-3", "series-4", "band", "grid", "border-strong", "text-muted"];
const AXIS_WIDTH = 66;
const SHARED = { parsing: false, normalized: true, pointRadius: 0, borderWidth: 1.5, spanGaps: false };

// series: [{column, token, axis, isDashed}], bands: [{value, isFilled}], axes: {y: {format, …}}
export function lineChart(canvas, { series, bands = [], axes, time, zone }) {
  const chart = new Chart(canvas, {
    type: "line",
    data: { datasets: [...bands.flatMap(bandLines), ...series.map(seriesLine)] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      layout: { padding: { top: 6, right: 6 } },
      scales: { x: timeScale(time, zone), ...valueScales(axes) },
    },
  });

  function restyle() {
    const tone = colours(TOKENS);
    for (const dataset of chart.data.datasets) {
      dataset.borderColor = tone[dataset.token];
      dataset.backgroundColor = tone.band;
    }
    for (const scale of Object.values(chart.options.scales)) {
      scale.grid.color = tone.grid;
      scale.border = { color: tone.grid };
      scale.ticks.color = tone["text-muted"];
      scale.title.color = tone["text-muted"];
    }
  }

  function draw(store, { from, to, step }) {
    const columns = Math.max(50, Math.floor(chart.chartArea?.width ?? canvas.clientWidth));
    for (const dataset of chart.data.datasets) {
      dataset.data = dataset.column
        ? sample(store.t, store[dataset.column], { from, to, columns, step })
        : [from, to].map((x) => ({ x, y: dataset.level }));
    }
    Object.assign(chart.options.scales.x, { min: from, max: to });
    chart.update("none");
  }

  restyle();
  return {
    draw,
    restyle,
    timeAt: (pixel) => chart.scales.x.getValueForPixel(pixel),
    pixelOf: (time) => chart.scales.x.getPixelForValue(time),
    destroy: () => chart.destroy(),
  };
}

function seriesLine({ column, token, axis = "y", isDashed = false }) {
  return { ...SHARED, data: [], column, token, yAxisID: axis, borderDash: isDashed ? [6, 4] : [] };
}

// The upper line of a filled band fills down to the lower one behind it.
function bandLines({ value, isFilled }) {
  const line = (level, fill) => ({
    ...SHARED, data: [], level, fill, token: "border-strong", yAxisID: "y", borderWidth: 1, borderDash: [3, 4],
  });
  return value ? [line(value, isFilled ? "+1" : false), line(-value, false)] : [line(0, false)];
}

function timeScale(time, zone) {
  let step = 1_000;
  return {
    type: "linear",
    afterBuildTicks: (axis) => {
      const built = timeTicks(axis.min, axis.max, Math.max(2, Math.floor(axis.width / 90)));
      step = built.step;
      axis.ticks = built.ticks.map((value) => ({ value }));
    },
    grid: {},
    ticks: { callback: (value) => time.tick(value, step), maxRotation: 0, autoSkip: false, font: font() },
    title: { display: true, text: zone, align: "end", font: font(11), padding: 0 },
  };
}

function valueScales(axes) {
  return Object.fromEntries(
    Object.entries(axes).map(([name, { format, title = "", position = "left", ...rest }]) => [
      name,
      {
        type: "linear",
        position,
        // The same width in every chart: times stand below each other
        afterFit: (axis) => {
          axis.width = Math.max(axis.width, AXIS_WIDTH);
        },
        grid: { drawOnChartArea: position === "left" },
        ticks: { callback: format, maxTicksLimit: 7, font: font() },
        title: { display: Boolean(title), text: title, font: font(11) },
        ...rest,
      },
    ]),
  );
}

function font(size = 12) {
  return { family: "Inter Variable, sans-serif", size };
}
