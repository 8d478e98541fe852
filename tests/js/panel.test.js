import assert from "node:assert/strict";
import { test } from "node:test";

import { SpecStore, BarStore } from "../../static/js/live/store.js";
import { BarSource, candleAt } from "../../static/js/panels/bar_source.js";
import { Crosshair } from "../../static/js/panels/crosshair.js";
import { epps, leadLag } from "../../static/js/panels/curve_panels.js";
import { lineKinds, zLevels } from "../../static/js/panels/definitions.js";
import { csv, fileName, stampOf } from "../../static/js/panels/export.js";
import { FormingTrail, formingPoint } from "../../static/js/panels/forming.js";
import { Gesture, wheelFactor } from "../../static/js/panels/gestures.js";
import { gaps } from "../../static/js/panels/line_panel.js";
import { moved, toggled } from "../../static/js/panels/layout.js";
import { RangeControl } from "../../static/js/panels/range_control.js";
import { compact, gapWords } from "../../static/js/panels/readout.js";
import { allRows, rowsOf } from "../../static/js/panels/rows.js";
import { TickSource } from "../../static/js/panels/tick_source.js";
import { TimeFormat } from "../../static/js/charts/time_axis.js";
import { Points } from "../../static/js/charts/points.js";
import { ViewState } from "../../static/js/view/view_state.js";

const page = { y: { symbol: "AAA", tick: "0.1" }, x: { symbol: "BBB", tick: "0.01" }, prices: "log", step: 1_000 };
const time = new TimeFormat("UTC");

// --- what is drawn ------------------------------------------------------------------------------

test("levels of z stand on both sides; entry and exit are filled, the stop is dotted", () => {
  const levels = zLevels({ entry: 2, exit: 0.5, stop: 4 });
  assert.deepEqual(levels.map(({ value }) => value), [4, -4, 2, -2, 0.5, -0.5, 0]);
  assert.deepEqual(levels.filter(({ fill }) => fill).map(({ value }) => value), [2, 0.5]);
  assert.deepEqual([levels[0].dash, levels[0].label, levels[3].label], [[1, 4], "stop +4", "entry \u22122"]);
});

test("each figure is written as its column asks", () => {
  const [prices, z, spread, correlation] = lineKinds(page).map(({ series }) => series.map(({ write }) => write(1.23456)));
  assert.deepEqual([prices, z, spread, correlation], [["1.2", "1.23"], ["+1.23"], ["+1.234560"], ["+1.23"]]);
});

test("lead and lag say who leads, by how much, and when that is but noise", () => {
  const report = { lead_lag: { lags: [-2, 0, 2], correlations: [0.1, 0.2, 0.6], best: 2, band: 0.3 } };
  assert.equal(leadLag(report, page).words, "+0.600 at lag 2: AAA leads by 2 bars, 2 s");
  report.lead_lag = { ...report.lead_lag, best: -2, band: 0.9 };
  assert.equal(leadLag(report, page).words, "+0.100 at lag \u22122: BBB leads by 2 bars, 2 s, inside the band of white noise");
  assert.deepEqual(leadLag(report, page).levels.map(({ value }) => value), [0, 0.9, -0.9]);
});

test("a curve that is unknown says why", () => {
  assert.equal(leadLag(null, page).reason, "No report yet");
  assert.equal(leadLag({ unknown: { lead_lag: "too few" }, lead_lag: { lags: [] } }, page).reason, "too few");
  assert.equal(epps({ unknown: {} }).reason, "not in this report");
});

test("correlation by bar length marks the shortest that is enough", () => {
  const { bars, words } = epps({ epps: { seconds: [1, 60], correlations: [0.2, 0.8], plateau: 0.8, shortest: 60 } });
  assert.deepEqual(bars.map(({ short, isBest }) => [short, isBest]), [["1 s", false], ["1 min", true]]);
  assert.equal(words, "shortest useful bar 1 min");
});

const forming = { ratio: 1, intercept: 0, mean: 0, std: 0.5 };
const prices = (ms, other = ms) => ({ y: { seq: ms, data: { price: Math.E, ms } }, x: { seq: other, data: { price: 1, ms: other } } });

test("the forming bar stands after the newest closed one, scored by the line before it", () => {
  const point = formingPoint({ forming, newest: 8_000, prices: prices(10_400), space: "log", now: 10_500, step: 1_000 });
  assert.deepEqual([point.t, point.z, point.spread, point.x], [10_000, 2, 1, 1]);
  assert.equal(formingPoint({ forming, newest: 10_000, prices: prices(10_400), space: "log", now: 10_500, step: 1_000 }).t, 11_000);
});

test("old prices say nothing of now", () => {
  const at = (ms) => formingPoint({ forming, newest: 0, prices: prices(ms, 90_000), space: "log", now: 90_000, step: 1_000 });
  assert.ok(at(85_000));
  assert.equal(at(84_000), null);
  assert.equal(formingPoint({ forming, newest: 0, prices: { y: null, x: null }, space: "log", now: 0, step: 1_000 }), null);
});

test("each price leaves one point of the trail", () => {
  const trail = new FormingTrail();
  trail.note({ z: 1, spread: 2 }, prices(1_000));
  trail.note({ z: 1, spread: 2 }, prices(1_000));
  trail.note(null, prices(1_500));
  trail.note({ z: 3, spread: 4 }, prices(1_000, 2_000));
  assert.deepEqual([trail.t, trail.z, trail.spread], [[1_000, 2_000], [1, 3], [2, 4]]);
});

// --- bars and trades ----------------------------------------------------------------------------

const noHistory = { segment: null, version: 0, want() {} };

function barStore(t) {
  const store = new BarStore();
  const column = (value) => t.map(() => value);
  const points = { t, o: column(1), h: column(3), l: column(0), c: column(2), v: column(5), q: column(0), n: column(0), f: column(1) };
  store.apply({ kind: "snapshot", seq: 1, prev: null, at: 1, data: { points } });
  return store;
}

test("a bar is known while its time lasts, and not in a hole", () => {
  const source = new BarSource({ store: barStore([0, 1_000, 5_000]), history: noHistory, step: 1_000 });
  assert.deepEqual(source.at(1_999), { o: 1, h: 3, l: 0, c: 2, v: 5 });
  assert.equal(source.at(2_000), null);
  assert.equal(source.at(-1), null);
});

test("candles go on from fetched bars to live ones, as wide as the fetched", () => {
  const points = { t: [0, 2_000, 4_000], o: [1, 1, 7], h: [3, 3, 9], l: [0, 0, 0], c: [2, 2, 2], v: [5, 5, 5], f: [1, 1, 1] };
  const history = { ...noHistory, segment: { data: { width_ms: 2_000, points } } };
  const source = new BarSource({ store: barStore([5_000, 6_000]), history, step: 1_000 });
  const { candles, width } = source.candles({ from: 0, to: 7_000 });
  assert.equal(width, 2_000);
  assert.deepEqual(candles.map(({ t, o }) => [t, o]), [[0, 1], [2_000, 1], [4_000, 7], [6_000, 1]]);
  assert.equal(candleAt(candles, 3_999).t, 2_000);
  assert.equal(candleAt(candles, 9_000), null);
});

test("trades are a line without gaps: recorded ones, then those that come live", () => {
  const history = { ...noHistory, segment: { data: { columns: { price: { t: [0, 60_000], v: [1, 2] } } } } };
  const ticks = new TickSource({ history });
  ticks.note({ seq: 7, data: { price: 3, ms: 600_000 } });
  ticks.note({ seq: 7, data: { price: 3, ms: 600_000 } });
  ticks.note({ seq: 8, data: { price: 4, ms: 599_000 } });
  const points = ticks.fill(new Points(), "y", { from: 0, to: 600_000, columns: 100 });
  assert.deepEqual([...points.ys.subarray(0, points.length)], [1, 2, 3]);
  assert.deepEqual([ticks.at(61_000), ticks.at(300_000), ticks.at(600_001), ticks.first("y", { from: 1, to: 9e9 })], [2, null, 3, 2]);
});

// --- crosshair ----------------------------------------------------------------------------------

function crosshairOf() {
  const drawn = [];
  const shown = [];
  const panel = (name) => ({
    overlay: { cross: (x) => drawn.push([name, "x", x]), level: (y) => y !== null && drawn.push([name, "y", y]) },
    chart: { timeAt: (x) => x * 10, pixelOf: (at) => at / 10 },
    valueText: () => "",
  });
  const panels = [panel("a"), panel("b")];
  const locate = (at) => ({ time: Math.round(at / 100) * 100, values: {} });
  const crosshair = new Crosshair({ charts: () => panels, locate, show: ({ mode, point }) => shown.push([mode, point?.time ?? null]) });
  return { crosshair, panels, drawn, shown };
}

test("pointing at one chart shows the line on all, the level only there, at the nearest point", () => {
  const { crosshair, panels, drawn, shown } = crosshairOf();
  crosshair.hover(panels[1], 52, 7);
  assert.deepEqual(drawn, [["a", "x", 50], ["b", "x", 50], ["b", "y", 7]]);
  assert.deepEqual(shown, [["hover", 500]]);
});

test("a locked crosshair stays where it is until it is freed", () => {
  const { crosshair, panels, shown } = crosshairOf();
  crosshair.hover(panels[0], 52, 7);
  crosshair.toggleLock();
  crosshair.hover(panels[0], 99, 7);
  crosshair.leave();
  assert.deepEqual([shown.at(-1), crosshair.isLocked], [["locked", 500], true]);
  crosshair.toggleLock();
  assert.deepEqual([shown.at(-1), crosshair.free()], [["latest", null], false]);
});

test("keys move it in time, also while it is locked", () => {
  const { crosshair, shown } = crosshairOf();
  crosshair.move(700);
  crosshair.lock();
  crosshair.move(800);
  assert.deepEqual(shown.slice(-2), [["locked", 700], ["locked", 800]]);
});

// --- pointers -----------------------------------------------------------------------------------

function gestureOf() {
  const told = [];
  const later = [];
  const names = ["hover", "leave", "begin", "pan", "pinch", "select", "choose", "click", "press", "release"];
  const act = Object.fromEntries(names.map((name) => [name, (...args) => told.push([name, ...args])]));
  const timers = { setTimeout: (callback) => later.push(callback), clearTimeout: () => (later.length = 0) };
  return { gesture: new Gesture(act, { timers }), told, hold: () => later.splice(0).forEach((callback) => callback()) };
}

const mouse = (x, more = {}) => ({ id: 1, x, y: 5, ...more });
const finger = (x, id = 1) => ({ id, x, y: 5, isTouch: true });

test("a pointer that moves points", () => {
  const { gesture, told } = gestureOf();
  gesture.move(mouse(10));
  gesture.move(finger(10));
  assert.deepEqual(told, [["hover", 10, 5]]);
});

test("a press without a way is a click, with one it pans by the whole way", () => {
  const { gesture, told } = gestureOf();
  gesture.down(mouse(10));
  gesture.move(mouse(12));
  gesture.up(mouse(12));
  gesture.down(mouse(10));
  gesture.move(mouse(30));
  gesture.move(mouse(50));
  gesture.up(mouse(50));
  assert.deepEqual(told, [["click", 12, 5], ["begin"], ["pan", 20], ["pan", 40]]);
});

test("with Shift a stretch is chosen, and only where there was a way", () => {
  const { gesture, told } = gestureOf();
  gesture.down(mouse(10, { isShift: true }));
  gesture.move(mouse(90));
  gesture.up(mouse(90));
  gesture.down(mouse(10, { isShift: true }));
  gesture.up(mouse(11));
  assert.deepEqual(told, [["select", 10, 90], ["select", null, null], ["choose", 10, 90], ["select", null, null]]);
});

test("a finger that stays shows the crosshair, follows, and leaves it there", () => {
  const { gesture, told, hold } = gestureOf();
  gesture.down(finger(10));
  hold();
  assert.ok(gesture.isHeld);
  gesture.move(finger(40));
  gesture.up(finger(40));
  assert.deepEqual(told, [["press", 10, 5], ["hover", 40, 5], ["release"]]);
});

test("two fingers zoom around their middle and move it", () => {
  const { gesture, told } = gestureOf();
  gesture.down(finger(100, 1));
  gesture.down(finger(200, 2));
  gesture.move(finger(320, 2));
  gesture.up(finger(320, 2));
  gesture.move(finger(50, 1));
  gesture.up(finger(50, 1));
  assert.deepEqual(told, [["begin"], ["pinch", 100 / 220, 150, 60]]);
});

test("a finger that the browser scrolls with does nothing more", () => {
  const { gesture, told, hold } = gestureOf();
  gesture.down(finger(10));
  gesture.cancel(finger(10));
  hold();
  gesture.move(finger(80));
  assert.deepEqual(told, []);
});

test("a notch of a wheel zooms by a quarter at most, a touch pad finely", () => {
  assert.ok(wheelFactor({ deltaY: 1_000 }) <= 1.25 && wheelFactor({ deltaY: -1_000 }) >= 0.8);
  assert.ok(Math.abs(wheelFactor({ deltaY: -1, ctrlKey: true }) - Math.exp(-0.01)) < 1e-9);
});

// --- the range ----------------------------------------------------------------------------------

function controlOf() {
  const later = { setTimeout: () => 1, clearTimeout() {} };
  const view = new ViewState({}, { place: { addEventListener() {}, removeEventListener() {} }, timers: later });
  let now = 1_000_000;
  let held = null;
  const stage = {
    extent: () => ({ edge: held ?? now, first: 0, earliest: null, step: 1_000 }),
    get isFollowing() {
      return view.get().from === null;
    },
    get isPaused() {
      return held !== null;
    },
    pause: (isOn) => (held = isOn ? now : null),
    range: () => ({ from: view.get().from ?? 0, to: view.get().to ?? (held ?? now) }),
  };
  return { view, control: new RangeControl({ view, stage, onPause() {} }), pass: (ms) => (now += ms) };
}

test("new points count from the moment of leaving, and no more when following again", () => {
  const { control, pass } = controlOf();
  assert.equal(control.newer([999_000, 1_000_000]).count, 0);
  control.toggleFollow();
  pass(2_000);
  assert.deepEqual(control.newer([999_000, 1_000_000, 1_001_000, 1_002_000]), { count: 2, isMore: false });
  control.live();
  assert.equal(control.newer([1_003_000]).count, 0);
});

test("paused charts hold still while following, and count what they miss", () => {
  const { control, view, pass } = controlOf();
  control.newer([1_000_000]);
  control.togglePause();
  pass(5_000);
  assert.equal(view.get().from, null);
  assert.equal(control.newer([1_000_000, 1_003_000]).count, 1);
  control.togglePause();
  assert.equal(control.newer([1_000_000, 1_003_000]).count, 0);
});

test("the range moves just so far that a time is in sight", () => {
  const { control, view } = controlOf();
  control.choose(100_000, 200_000);
  control.reveal(150_000);
  assert.deepEqual([view.get().from, view.get().to], [100_000, 200_000]);
  control.reveal(90_000);
  assert.deepEqual([view.get().from, view.get().to], [90_000, 190_000]);
});

// --- order and words ----------------------------------------------------------------------------

test("a panel moves among those that are shown, and comes back at its usual place", () => {
  assert.deepEqual(moved(["a", "b", "c"], "a", 1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b"], "a", -1), ["a", "b"]);
  assert.deepEqual(toggled(["a", "c"], "b", ["a", "b", "c"]), ["a", "b", "c"]);
  assert.deepEqual(toggled(["a", "b"], "b", ["a", "b"]), ["a"]);
});

test("volumes are short, gaps are told with both ends", () => {
  assert.deepEqual([1_234_567, 999, 0.1234567, 45_000, NaN].map(compact), ["1.23 M", "999", "0.12346", "45.00 k", "–"]);
  const from = Date.UTC(2026, 0, 2, 12, 1, 10);
  assert.equal(gapWords({ from, to: from + 32_000 }, time), "no data 12:01:10–12:01:42 (32 s)");
});

// --- files and rows -----------------------------------------------------------------------------

test("a file has times with their zone, empty cells for what is unknown, and no formula", () => {
  const columns = [{ column: "z", label: "z" }, { column: "note", label: '=x"' }];
  const text = csv(columns, [{ t: 0, z: -1.5, note: "=1+1" }, { t: 1_000, z: null, note: 'a,"b"' }]);
  assert.equal(text, 'time (UTC),z,"\'=x"""\r\n1970-01-01T00:00:00.000Z,-1.5,\'=1+1\r\n1970-01-01T00:00:01.000Z,,"a,""b"""\r\n');
  assert.equal(fileName("A/B", "z score", stampOf(0)), "A_B-z_score-1970-01-01T000000Z");
});

const series = (t, v) => ({ t, v });

test("rows of an answer are those of all columns; what misses is no row", () => {
  const answer = { columns: { y: series([0, 500, 1_000], [1, null, 2]), z: series([1_000], [3]) } };
  assert.deepEqual(rowsOf(answer, ["y", "z"]), [{ t: 0, y: 1 }, { t: 1_000, y: 2, z: 3 }]);
  const bars = { points: { t: [0], o: [1], c: [2] } };
  assert.deepEqual(rowsOf(bars, ["o", "c"]), [{ t: 0, o: 1, c: 2 }]);
});

function specStore(t) {
  const store = new SpecStore();
  const column = t.map((_, index) => index);
  const points = { t, y: column, x: column, spread: column, z: column, corr: column, beta: column, alpha: column };
  store.apply({ kind: "snapshot", seq: 1, prev: null, at: 1, data: { points } });
  return store;
}

test("a stretch inside the buffer needs no request", async () => {
  const load = () => assert.fail("asked");
  const rows = await allRows({ store: specStore([5_000, 6_000, 7_000]), load, step: 1_000, range: { from: 5_500, to: 9_000 }, names: ["z"] });
  assert.deepEqual(rows, [{ t: 6_000, z: 1 }, { t: 7_000, z: 2 }]);
});

test("a long stretch is asked for in parts that together are all of it, once", async () => {
  const asked = [];
  const shares = [];
  const bufferFrom = 50_000_000;
  const load = async ({ from, to }) => {
    asked.push([from, to]);
    const t = [];
    for (let at = Math.ceil(from / 1_000) * 1_000; at <= to; at += 1_000) t.push(at);
    return { columns: { z: series(t, t.map(() => 0)) } };
  };
  const range = { from: 1_500, to: bufferFrom + 500 };
  const rows = await allRows({ store: specStore([bufferFrom]), load, step: 1_000, range, names: ["z"], onPart: (share) => shares.push(share) });
  assert.equal(asked.length, 3);
  assert.ok(asked.every(([from, to]) => (to - from) / 1_000 <= 20_000));
  const expected = Array.from({ length: 49_999 }, (_, index) => (index + 2) * 1_000);
  assert.deepEqual(rows.map(({ t }) => t), expected);
  assert.ok(shares.every((share, index) => index === 0 || share >= shares[index - 1]));
});

test("a stretch without data is shaded where it is wide enough to see", () => {
  const points = new Points();
  for (const [x, y] of [[0, 1], [50, NaN], [50, 2], [51, 3], [99, NaN], [100, 4]]) points.add(x, y);
  assert.deepEqual(gaps(points, { from: 0, to: 100 }, 100).map(({ from, to }) => [from, to]), [[0, 50], [51, 100]]);
  assert.deepEqual(gaps(points, { from: 0, to: 10_000 }, 100), []);
});
