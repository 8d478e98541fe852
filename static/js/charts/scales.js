// The axes of all charts: time below, in any zone, and values at the sides, of one width so that times stand in line.

import { timeTicks } from "./time_axis.js";

const AXIS_WIDTH = 66;

export function timeScale(time, zone) {
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
    title: { display: Boolean(zone), text: zone, align: "end", font: font(11), padding: 0 },
  };
}

// axes: {name: {format, title, position, …}}
export function valueScales(axes) {
  return Object.fromEntries(
    Object.entries(axes).map(([name, { format, title = "", position = "left", ...rest }]) => [
      name,
      {
        type: "linear",
        position,
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

export function paintScales(scales, tone) {
  for (const scale of Object.values(scales)) {
    scale.grid.color = tone.grid;
    scale.border = { color: tone.grid };
    scale.ticks.color = tone["text-muted"];
    scale.title.color = tone["text-muted"];
  }
}

export function font(size = 11) {
  return { family: "Inter Variable, sans-serif", size };
}
