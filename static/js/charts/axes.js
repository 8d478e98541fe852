// Axes of time and of values, as options of Chart.js.

import { AXIS_WIDTH, font } from "./engine.js";
import { FONT } from "./marks.js";
import { number } from "../lib/format.js";
import { timeTicks } from "./time_axis.js";

const TICK_WIDTH = 84;

export function timeScale(time) {
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
    title: { display: false },
  };
}

// The zone of the times, in the corner below the axis of values: it takes no room of its own.
export function drawZone(ctx, scale, { zone, time, tone }) {
  const place = zone.split("/").at(-1).replaceAll("_", " ");
  ctx.save();
  ctx.font = `10px ${FONT}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillStyle = tone["text-muted"];
  const [first] = scale.ticks;
  const isNear = first && scale.getPixelForValue(first.value) - scale.left < TICK_WIDTH / 4;
  const right = isNear ? scale.getPixelForValue(first.value) - TICK_WIDTH / 4 - 4 : scale.left - 8;
  const text = ctx.measureText(place).width < right ? place : offsetText(time.offset(scale.max));
  ctx.fillText(text, right, scale.top + 8);
  ctx.restore();
}

export function offsetText(ms) {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const rest = minutes % 60 ? `:${String(minutes % 60).padStart(2, "0")}` : "";
  return minutes ? `UTC${ms < 0 ? "\u2212" : "+"}${Math.floor(minutes / 60)}${rest}` : "UTC";
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
      if (axis.options.display) axis.width = Math.max(axis.width, AXIS_WIDTH);
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
