// The same five charts on uPlot: two prices on two axes, z with its bands, spread, correlation, candles by a hook.

import uPlot from "uplot";
import { candlesOf, candleSize } from "../../../static/js/charts/candles.js";
import { STEP } from "./data.js";

const BAR_COLUMNS = ["o", "h", "l", "c", "v", "f"];
const SECONDS = 1_000;

export function mountTheirs(root, { rows }) {
  const column = (name) => rows.map((row) => row[name]);
  const data = Object.fromEntries(["y", "x", "spread", "z", "corr"].map((name) => [name, column(name)]));
  const t = rows.map((row) => row.t / SECONDS);
  const bars = { t: column("t"), ...Object.fromEntries(BAR_COLUMNS.map((name) => [name, rows.map((row) => row[name] ?? 1)])) };
  const line = (stroke, more = {}) => ({ stroke, width: 1.5, points: { show: false }, ...more });
  const level = (value, dash) => ({ value, dash });
  const charts = [
    { names: ["y", "x"], series: [line("#0072b2"), line("#b35900", { scale: "right", dash: [6, 4] })], axes: [{}, {}, { scale: "right", side: 1, grid: { show: false } }] },
    { names: ["z"], series: [line("#0072b2")], levels: [level(4, [1, 4]), level(2, [5, 4]), level(0.5, [5, 4]), level(0)] },
    { names: ["spread"], series: [line("#00795a")] },
    { names: ["corr"], series: [line("#a03c78")] },
  ].map(({ names, series, axes, levels }) => {
    const box = boxIn(root);
    const plot = new uPlot(optionsOf(box, { series: [{}, ...series], axes, hooks: levels ? { drawClear: [(each) => drawLevels(each, levels)] } : {} }), [t, ...names.map((name) => data[name])], box);
    return { plot, names };
  });
  const box = boxIn(root);
  let candles = candlesNow();
  const scales = { x: { range: () => [bars.t[0] / SECONDS, bars.t.at(-1) / SECONDS] } };
  const candleChart = new uPlot(optionsOf(box, { scales, series: [{}, line("transparent"), line("transparent")], hooks: { draw: [(each) => drawCandles(each, candles)] } }), candleData(), box);

  function candlesNow() {
    const [from, to] = [bars.t[0], bars.t.at(-1)];
    return candlesOf(bars, { from, to, step: STEP, width: candleSize(from, to, STEP) * STEP });
  }
  function candleData() {
    return [candles.map((each) => each.t / SECONDS), candles.map(({ l }) => l), candles.map(({ h }) => h)];
  }

  return {
    add(row) {
      t.push(row.t / SECONDS);
      t.shift();
      for (const [name, values] of Object.entries(data)) {
        values.push(row[name]);
        values.shift();
      }
      for (const [name, values] of Object.entries(bars)) {
        values.push(row[name] ?? 1);
        values.shift();
      }
      for (const { plot, names } of charts) plot.setData([t, ...names.map((name) => data[name])]);
      candles = candlesNow();
      candleChart.setData(candleData());
    },
    unmount() {
      [...charts.map(({ plot }) => plot), candleChart].forEach((plot) => plot.destroy());
      root.replaceChildren();
    },
  };
}

function boxIn(root) {
  const box = document.createElement("div");
  box.className = "theirs";
  root.append(box);
  return box;
}

function optionsOf(box, more) {
  return { width: box.clientWidth, height: box.clientHeight, legend: { show: false }, cursor: { show: false }, ...more };
}

function drawLevels({ ctx, bbox, valToPos }, levels) {
  ctx.save();
  ctx.strokeStyle = "#78848f";
  for (const { value, dash = [] } of levels) {
    for (const each of value ? [value, -value] : [0]) {
      const y = valToPos(each, "y", true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
  }
  ctx.fillStyle = "#0072b214";
  for (const value of [2, 0.5]) {
    const top = valToPos(value, "y", true);
    ctx.fillRect(bbox.left, top, bbox.width, valToPos(-value, "y", true) - top);
  }
  ctx.restore();
}

function drawCandles({ ctx, bbox, valToPos }, candles) {
  const most = Math.max(...candles.map(({ v }) => v));
  const perSecond = valToPos(candles[0].t / SECONDS + 1, "x", true) - valToPos(candles[0].t / SECONDS, "x", true);
  ctx.save();
  for (const { t, o, h, l, c, v, span } of candles) {
    const width = Math.max(1, (span.width / SECONDS) * perSecond * 0.72);
    const centre = valToPos((t + span.offset) / SECONDS, "x", true);
    ctx.fillStyle = c >= o ? "#0072b2" : "#bb4700";
    ctx.globalAlpha = 0.3;
    const height = (v / most) * bbox.height * 0.2;
    ctx.fillRect(centre - width / 2, bbox.top + bbox.height - height, width, height);
    ctx.globalAlpha = 1;
    const [high, low] = [valToPos(h, "y", true), valToPos(l, "y", true)];
    ctx.fillRect(Math.round(centre) - 0.5, high, 1, low - high);
    const top = valToPos(Math.max(o, c), "y", true);
    ctx.fillRect(centre - width / 2, top, width, Math.max(1, valToPos(Math.min(o, c), "y", true) - top));
  }
  ctx.restore();
}
