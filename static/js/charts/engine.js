// One chart on Chart.js: it lays out axes and grid, everything else is drawn here as paths of points that are sampled
// already. No element is made for a point, so an update costs the same whatever the length of the history.

import { Chart, DatasetController, Element, LinearScale } from "chart.js";
import { colours } from "./colours.js";
import { drawCandles, drawColumns, drawLevels, drawLine, drawStretch, FONT, frameOf, VOLUME_SHARE } from "./marks.js";

const TOKENS = [
  "series-1", "series-2", "series-3", "series-4", "up", "down", "band", "grid", "border-strong",
  "text", "text-muted", "surface", "surface-2", "hatch", "zero",
];
export const AXIS_WIDTH = 62;
const NO_DATA = Object.freeze([]);

// Chart.js asks every controller for a kind of element; there never is one.
class NoElement extends Element {
  static id = "none";
  static defaults = {};
}

// A dataset draws itself and says which values it needs room for: {draw(ctx, frame, tone), low, high}.
class MarkController extends DatasetController {
  static id = "mark";
  static defaults = { dataElementType: "none" };
  static overrides = { scales: { _index_: { type: "linear" }, _value_: { type: "linear" } } };

  update() {}

  getMinMax(scale) {
    if (scale === this._cachedMeta.iScale) return { min: scale.min, max: scale.max };
    const { low, high } = this.getDataset().mark;
    return { min: low, max: high };
  }

  draw() {
    const { xScale, yScale } = this._cachedMeta;
    this.getDataset().mark.draw(this._ctx, frameOf(this.chart, xScale, yScale));
  }
}

Chart.register(LinearScale, NoElement, MarkController);

// marks: [{axis, low, high, draw(ctx, frame, tone)}]; scales: options of Chart.js by axis, x among them; backdrop(ctx,
// frame, tone) is drawn below the marks, corner(ctx, xScale, tone) beside the axes.
export function createChart(canvas, { marks, scales, backdrop = () => {}, corner = () => {}, padding = { top: 8, right: 8 } }) {
  const tone = {};
  let onResize = () => {};
  const chart = new Chart(canvas, {
    type: "mark",
    data: {
      datasets: marks.map((mark) => ({
        data: NO_DATA,
        yAxisID: mark.axis ?? "y",
        mark: {
          get low() {
            return mark.low;
          },
          get high() {
            return mark.high;
          },
          draw: (ctx, frame) => mark.draw(ctx, frame, tone),
        },
      })),
    },
    options: { animation: false, responsive: true, maintainAspectRatio: false, events: [], layout: { padding }, scales, onResize: () => onResize() },
    plugins: [
      {
        id: "backdrop",
        beforeDatasetsDraw: (drawn) => clipped(drawn, () => backdrop(drawn.ctx, frameOf(drawn, drawn.scales.x, drawn.scales.y), tone)),
        afterDraw: ({ ctx, scales: { x } }) => corner(ctx, x, tone),
      },
    ],
  });

  function restyle() {
    Object.assign(tone, colours(TOKENS));
    for (const scale of Object.values(chart.options.scales)) {
      scale.grid.color = tone.grid;
      scale.border = { color: tone.grid };
      scale.ticks.color = tone["text-muted"];
      scale.title.color = tone["text-muted"];
    }
  }

  restyle();
  return {
    chart,
    tone,
    restyle,
    // Shows this stretch of the x axis.
    show(from, to) {
      Object.assign(chart.options.scales.x, { min: from, max: to });
      chart.update("none");
    },
    get area() {
      return chart.chartArea ?? { left: 0, right: canvas.clientWidth, top: 0, bottom: canvas.clientHeight };
    },
    get width() {
      return Math.max(50, Math.floor(chart.chartArea?.width ?? canvas.clientWidth));
    },
    whenResized(listener) {
      onResize = listener;
    },
    timeAt: (pixel) => chart.scales.x.getValueForPixel(pixel),
    pixelOf: (time) => chart.scales.x.getPixelForValue(time),
    valueAt: (pixel, axis = "y") => chart.scales[axis].getValueForPixel(pixel),
    destroy: () => chart.destroy(),
  };
}

function clipped({ ctx, chartArea: { left, top, width, height } }, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  draw();
  ctx.restore();
}

// A line of points.
export function lineMark(points, { token, axis = "y", dash = [], width = 1.5, isStepped = false }) {
  return {
    axis,
    get low() {
      return points.low;
    },
    get high() {
      return points.high;
    },
    draw: (ctx, frame, tone) => drawLine(ctx, frame, points, { colour: tone[token], dash, width, isStepped }),
  };
}

// Candles; `shown` is their list, replaced for each picture. Their volume has the lowest part of the chart.
export function candleMark() {
  return {
    shown: [],
    axis: "y",
    get low() {
      const low = Math.min(...this.shown.map(({ l }) => l));
      return this.shown.length ? low - ((this.high - low) * VOLUME_SHARE) / (1 - VOLUME_SHARE) : low;
    },
    get high() {
      return Math.max(...this.shown.map(({ h }) => h));
    },
    draw(ctx, frame, tone) {
      drawCandles(ctx, frame, this.shown, tone);
    },
  };
}

// Columns from zero, at whole places of the axis: [{x, value, isBest}].
export function columnsMark() {
  return {
    shown: [],
    axis: "y",
    get low() {
      return Math.min(0, ...known(this.shown));
    },
    get high() {
      return Math.max(0, ...known(this.shown));
    },
    draw(ctx, frame, tone) {
      drawColumns(ctx, frame, this.shown, { plain: tone["series-1"], best: tone["series-4"] });
    },
  };
}

function known(bars) {
  return bars.map(({ value }) => value).filter(Number.isFinite);
}

export { drawLevels, drawStretch };

export function font(size = 11) {
  return { family: FONT, size };
}
