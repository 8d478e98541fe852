// A chart of lines over time whose whole data are at hand.

import { drawZone, timeScale, valueScales } from "./axes.js";
import { createChart, drawLevels, lineMark } from "./engine.js";
import { Points } from "./points.js";
import { sample } from "./sample.js";

// series: [{column, token, axis, isDashed}], bands: [{value, isFilled}], axes: {y: {format, …}}
export function lineChart(canvas, { series, bands = [], axes, time, zone }) {
  const lines = series.map((each) => ({ ...each, points: new Points() }));
  const levels = bands.flatMap(levelsOf);
  const chart = createChart(canvas, {
    marks: lines.map(({ points, token, axis, isDashed }) => lineMark(points, { token, axis, dash: isDashed ? [6, 4] : [] })),
    scales: { x: timeScale(time), ...valueScales(axes) },
    corner: (ctx, scale, tone) => drawZone(ctx, scale, { zone, time, tone }),
    backdrop: (ctx, frame, tone) => drawLevels(ctx, frame, levels, tone),
  });

  function draw(store, { from, to, step }) {
    for (const { points, column } of lines) sample(points.clear(), store.t, store[column], { from, to, columns: chart.width, step });
    chart.show(from, to);
  }

  return { draw, restyle: chart.restyle, destroy: chart.destroy };
}

function levelsOf({ value, isFilled }) {
  if (!value) return [{ value: 0 }];
  return [{ value, dash: [3, 4], fill: isFilled }, { value: -value, dash: [3, 4] }];
}
