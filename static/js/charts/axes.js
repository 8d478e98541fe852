// Axes of time and of values, as options of Chart.js.

import { AXIS_WIDTH, font } from "./engine.js";
import { number } from "../lib/format.js";
import { timeTicks } from "./time_axis.js";

const TICK_WIDTH = 84;

export function timeScale(time, zone) {
  let step = 1_000;
  return {
    type: "linear",
    afterBuildTicks: (axis) => {
      const built = timeTicks(axis.min, axis.max, Math.max(2, Math.floor(axis.width / TICK_WIDTH)), time.offset);
      step = built.step;
      axis.ticks = built.ticks.map((value) => ({ value }));
    },
    grid: { tickLength: 4 },
    ticks: { callback: (value) => time.tick(value, step), maxRotation: 0, autoSkip: false, font: font(), padding: 2 },
    title: { display: true, text: zone, align: "end", font: font(10), padding: 0 },
  };
}

// axes: {y: {format, title, position, …}}
export function valueScales(axes) {
  return Object.fromEntries(Object.entries(axes).map(([name, axis]) => [name, valueScale(axis)]));
}

function valueScale({ format = tickText, title = "", position = "left", ...rest }) {
  return {
    type: "linear",
    position,
    // The same width in every chart: times stand below each other
    afterFit: (axis) => {
      axis.width = Math.max(axis.width, AXIS_WIDTH);
    },
    grid: { drawOnChartArea: position === "left", tickLength: 4 },
    ticks: { callback: format, maxTicksLimit: 7, font: font(), padding: 4 },
    title: { display: Boolean(title), text: title, font: font(10), padding: 2 },
    ...rest,
  };
}

// Ticks have the digits that tell them apart.
export function tickText(value, _index, ticks) {
  const step = ticks.length > 1 ? Math.abs(ticks[1].value - ticks[0].value) : 1;
  return number(value, Math.min(8, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9))));
}
