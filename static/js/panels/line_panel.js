// One chart of lines over time.

import { drawZone, timeScale, valueScales } from "../charts/axes.js";
import { createChart, drawLevels, drawStretch, lineMark } from "../charts/engine.js";
import { Points } from "../charts/points.js";
import { sample } from "../charts/sample.js";
import { mountOverlay } from "./overlay.js";
import { partsOf, showReason } from "./parts.js";

const FORMING_DASH = [2, 3];

// A stretch without data is shaded when it is as wide as that, in pixels
const LEAST_GAP = 3;

// kind: an entry of lineKinds. A scene says what to draw: {range, view, source, forming, trail, ticks, staleFrom, earliest}.
export function linePanel(element, kind, { time, zone }) {
  const parts = partsOf(element);
  const lines = kind.series.map((series) => ({ ...series, points: new Points(), ahead: new Points(), factor: 1 }));
  let backdrop = { levels: [], stretches: [] };
  let isDrawn = false;
  const chart = createChart(parts.canvas, {
    marks: lines.flatMap(({ points, ahead, token, axis, dash }) => [
      lineMark(points, { token, axis, dash }),
      lineMark(ahead, { token, axis, dash: FORMING_DASH }),
    ]),
    scales: { x: timeScale(time), ...valueScales(kind.axes) },
    corner: (ctx, scale, tone) => drawZone(ctx, scale, { zone, time, tone }),
    backdrop(ctx, frame, tone) {
      drawLevels(ctx, frame, backdrop.levels, tone);
      for (const stretch of backdrop.stretches) drawStretch(ctx, frame, stretch, tone);
    },
  });
  const overlay = mountOverlay(parts.box, () => chart.area);

  function draw(scene) {
    isDrawn = true;
    const { range, view } = scene;
    const isRebased = Boolean(kind.canRebase) && view.axes === "rebased";
    if (kind.canRebase) useAxes(isRebased);
    for (const line of lines) fill(line, scene, isRebased);
    backdrop = { levels: kind.levels?.(view) ?? [], stretches: stretches(scene) };
    room(kind.least?.(view));
    chart.show(range.from, range.to);
    overlay.fit();
  }

  function fill(line, scene, isRebased) {
    const { range, source, ticks } = scene;
    const from = (kind.canRebase && ticks?.[line.column]) || source;
    line.factor = isRebased ? 100 / (from.first(line.column, range) ?? NaN) : 1;
    const asked = { ...range, columns: chart.width, scale: line.factor };
    from.fill(line.points.clear(), line.column, asked);
    line.ahead.clear();
    if (scene.trail && scene.trail[line.forming]) sample(line.ahead, scene.trail.t, scene.trail[line.forming], { ...asked, step: Infinity });
    else addForming(line, scene, from === source);
  }

  // From the newest closed bar to the one that forms.
  function addForming({ points, ahead, column, forming: name, factor }, { forming, source, range }, isOfBars) {
    const value = forming?.[name];
    const last = isOfBars && points.length ? source.last(column) : null;
    if (!last || !Number.isFinite(value) || forming.t <= last.time || forming.t > range.to || last.time < range.from) return;
    ahead.add(last.time, last.value * factor);
    ahead.add(forming.t, value * factor);
    ahead.see(value * factor);
  }

  function stretches({ range, source, staleFrom, earliest }) {
    const found = gaps(lines[0].points, range, chart.width);
    if (staleFrom !== null) found.push({ from: staleFrom, to: range.to, colour: "hatch", words: "Stale" });
    if (earliest !== null && earliest > range.from) {
      found.push({ from: range.from, to: earliest, colour: "grid", words: `no data before ${time.full(earliest)}` });
    }
    const { column } = lines[0];
    const last = source.last(column);
    // Rows come, but the column is not known any more
    if (last && staleFrom === null && source.newest > last.time) {
      found.push({ from: last.time, to: source.newest, colour: "surface-2", words: source.why(column), isHatched: false });
    }
    const warming = source.warming(column, range);
    if (warming) found.push({ ...warming, colour: "surface-2", words: "warming up", isHatched: false });
    return found;
  }

  function room(least) {
    if (!least) return;
    Object.assign(chart.chart.options.scales.y, { suggestedMin: -least, suggestedMax: least });
  }

  function useAxes(isRebased) {
    const { data, options } = chart.chart;
    data.datasets.forEach((dataset, index) => {
      dataset.yAxisID = isRebased ? "y" : (lines[index >> 1].axis ?? "y");
    });
    options.scales.right.display = !isRebased;
    options.scales.y.title.text = isRebased ? "100 at the left edge" : kind.axes.y.title;
  }

  // What a screen reader is told of the picture; numbers of full data, as sampling keeps extremes. Also of a chart that
  // was out of sight so far.
  function describe(scene) {
    const { range, source, ticks, view } = scene;
    for (const line of lines) fill(line, scene, Boolean(kind.canRebase) && view.axes === "rebased");
    if (parts.empty.hidden === false) return `${kind.title}: ${parts.empty.textContent.trim()}`;
    const words = lines.map(({ label, write, points, column, factor }) => {
      if (points.isEmpty) return `${label} unknown`;
      const last = ticks && kind.canRebase ? ticks[column].at(range.to) : source.at(range.to, [column])?.values[column];
      return `${label} last ${write(last)}, minimum ${write(points.low / factor)}, maximum ${write(points.high / factor)}`;
    });
    return `${kind.title} from ${time.full(range.from)} to ${time.full(range.to)}: ${words.join("; ")}`;
  }

  return {
    ...parts,
    key: kind.key,
    title: kind.title,
    isOfTime: true,
    columns: kind.series.map(({ column, label, write }) => ({ column, label, write })),
    chart,
    overlay,
    draw,
    describe,
    newest: ({ source }) => source.newest,
    // Changes of these call for another picture.
    stamp: ({ source, forming, trail, ticks }) => [
      source.version,
      ...lines.map(({ forming: name }) => forming?.[name] ?? ""),
      lines[0].forming in (trail ?? {}) ? trail.t.at(-1) : "",
      kind.canRebase && ticks ? `${ticks.y.version} ${ticks.x.version}` : "",
    ],
    showEmpty(scene) {
      const { source, ticks, range } = scene;
      const isOfTicks = Boolean(kind.canRebase && ticks);
      const isBlank = isDrawn && lines.every(({ points }) => points.isEmpty);
      const reason = isOfTicks ? "" : source.reason(lines.map(({ column }) => column));
      showReason(parts, reason || (isBlank ? (isOfTicks ? "No trades in this range" : source.absence(range, time, lines[0].column)) : ""));
    },
    valueText: (y) => lines[0].write(chart.valueAt(y) / lines[0].factor),
    legend: () => lines.map(({ label, token, dash }) => ({ label, colour: chart.tone[token], dash })),
    unmount() {
      overlay.unmount();
      chart.destroy();
    },
  };
}

// Where the pen is lifted, as stretches to shade.
export function gaps({ xs, ys, length }, { from, to }, columns) {
  const least = ((to - from) / columns) * LEAST_GAP;
  const found = [];
  for (let index = 1; index < length - 1; index += 1) {
    if (!Number.isNaN(ys[index]) || xs[index + 1] - xs[index - 1] < least) continue;
    found.push({ from: xs[index - 1], to: xs[index + 1], colour: "surface-2", isHatched: false });
  }
  return found;
}
