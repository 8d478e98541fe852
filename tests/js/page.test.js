import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock, isBarStale, isStale } from "../../static/js/lib/clock.js";
import { Painter } from "../../static/js/live/painter.js";
import { connectionState } from "../../static/js/live/state.js";
import { SpecStore } from "../../static/js/live/store.js";
import { figures } from "../../static/js/modules/figures.js";

const page = {
  step: 1_000,
  prices: "log",
  y: { symbol: "AAA", tick: "0.10" },
  x: { symbol: "BBB", tick: "0.01" },
};
const calm = { socket: { name: "open", wasOpen: true }, isOnline: true, isPaused: false, isStale: false, now: 0 };

test("stale after three intervals, never before five seconds", () => {
  assert.deepEqual([5_000, 5_001].map((ms) => isStale(ms, 1_000)), [false, true]);
  assert.deepEqual([180_000, 180_001].map((ms) => isStale(ms, 60_000)), [false, true]);
});

test("the two seconds until a bar is final are no delay", () => {
  assert.deepEqual([7_000, 7_001].map((ms) => isBarStale(ms, 1_000)), [false, true]);
});

function clocks() {
  const time = { wall: 1_000_000, steady: 0 };
  const pass = (ms, { steady = ms } = {}) => {
    time.wall += ms;
    time.steady += steady;
  };
  return { clock: new ServerClock({ wall: () => time.wall, steady: () => time.steady }), time, pass };
}

test("the server's clock is the least delayed stamp: late frames do not make data look young", () => {
  const { clock, pass } = clocks();
  clock.observe(40_000);
  clock.observe(10_000);
  pass(5_000);
  assert.equal(clock.now(), 45_000);
});

test("a clock of this machine that is off by minutes changes nothing", () => {
  const { clock, time, pass } = clocks();
  time.wall -= 300_000;
  clock.observe(40_000);
  pass(1_000);
  assert.deepEqual([clock.now(), clock.skew], [41_000, 660_000]);
  time.wall -= 120_000;
  assert.equal(clock.now(), 41_000);
});

test("through a sleep time passes though the steady clock stood still, and the next stamp sets it right", () => {
  const { clock, pass } = clocks();
  clock.observe(40_000);
  pass(3_600_000, { steady: 0 });
  assert.equal(clock.now(), 3_640_000);
  clock.observe(3_639_000);
  assert.equal(clock.now(), 3_639_000);
});

test("an estimate that was too late is forgotten, as clocks drift", () => {
  const { clock, pass } = clocks();
  clock.observe(40_000);
  for (let round = 0; round < 3; round += 1) {
    pass(300_001);
    clock.observe(40_000 + (round + 1) * 300_001 - 2_000);
  }
  assert.equal(clock.now(), 40_000 + 3 * 300_001 - 2_000);
});

test("each state has one word", () => {
  const word = (change) => connectionState({ ...calm, ...change }).word;
  assert.equal(word({}), "Live");
  assert.equal(word({ isStale: true }), "Stale");
  assert.equal(word({ isPaused: true, isStale: true }), "Paused");
  assert.equal(word({ isOnline: false }), "Offline");
  assert.equal(word({ socket: { name: "waiting", retryAt: 3_600 }, now: 100 }), "Reconnecting in 4 s");
  assert.equal(word({ socket: { name: "connecting", wasOpen: true } }), "Reconnecting");
  assert.equal(word({ socket: { name: "connecting", wasOpen: false } }), "Connecting");
  assert.equal(word({ socket: { name: "signed-out" } }), "Signed out");
});

test("a hidden tab paints nothing and catches up in one step", () => {
  const page = Object.assign(new EventTarget(), { hidden: true });
  let painted = 0;
  const asked = [];
  const painter = new Painter(() => (painted += 1), { page, requestFrame: (callback) => asked.push(callback) });
  for (let change = 0; change < 5; change += 1) painter.request();
  assert.equal(asked.length, 0);
  page.hidden = false;
  page.dispatchEvent(new Event("visibilitychange"));
  asked.forEach((callback) => callback());
  assert.equal(painted, 1);
});

test("many changes are one frame", () => {
  const asked = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  const painter = new Painter(() => {}, { page, requestFrame: (callback) => asked.push(callback) });
  painter.request();
  painter.request();
  assert.equal(asked.length, 1);
});

function shown(data, { at = 9_000, now = 10_000, price = null, other = null } = {}) {
  const store = new SpecStore();
  store.apply({ kind: "snapshot", seq: 1, prev: null, at, data });
  return figures({ store, prices: { y: { data: price }, x: { data: other } }, page, now });
}

test("an unknown figure says why", () => {
  const { z } = shown({ now: { z: null }, unknown: { z: "warming up 50 of 120" } });
  assert.deepEqual([z.text, z.note], ["–", "warming up 50 of 120 · forming –"]);
});

test("a figure that is still warming up says so beside its value", () => {
  const { z } = shown({ now: { z: 1.234 }, unknown: { z: "warming up 130 of 600" } });
  assert.deepEqual([z.text, z.note], ["+1.23", "warming up 130 of 600 · forming –"]);
});

test("a z-score is told by word and shape, not colour", () => {
  assert.equal(shown({ now: { z: 2.5 } }).z.note, "▲ entry, beyond +2 · forming –");
  assert.equal(shown({ now: { z: -0.1 } }).z.note, "● inside ±0.5 · forming –");
});

test("the forming bar has a z-score of its own, marked, while both prices are young", () => {
  const forming = { ratio: 1, intercept: 0, mean: 0.1, std: 0.1 };
  const prices = { price: { price: Math.E, ms: 9_500 }, other: { price: Math.E, ms: 9_500 } };
  const note = (more) => shown({ now: { z: 1 }, forming }, { ...prices, ...more }).z.note;
  assert.equal(note({}), "between the bands · forming −1.00");
  assert.equal(note({ other: null }), "between the bands · forming –");
  assert.equal(note({ other: { price: Math.E, ms: 1_000 } }), "between the bands · forming –");
  assert.equal(note({ at: 1_000 }), "between the bands · forming –");
});

test("old figures are marked, young ones are not", () => {
  assert.equal(shown({ now: { z: 1 } }, { at: 9_000, now: 16_500 }).z.isStale, true);
  assert.equal(shown({ now: { z: 1 } }, { at: 9_000, now: 12_000 }).z.isStale, false);
});

test("a price has the decimals of its tick and its own age", () => {
  const { price_y: price, price_x: none } = shown({}, { now: 10_000, price: { price: 64_000, ms: 8_000 } });
  assert.deepEqual([price.text, price.note], ["64,000.0", "2 s ago"]);
  assert.deepEqual([none.text, none.note], ["–", "no trade seen yet"]);
});

test("a price older than a minute is stale, however long the bars are", () => {
  const ofHours = (ms) => {
    const prices = { y: { data: { price: 1, ms } }, x: { data: null } };
    return figures({ store: new SpecStore(), prices, page: { ...page, step: 3_600_000 }, now: 200_000 }).price_y;
  };
  assert.deepEqual([ofHours(141_000).isStale, ofHours(139_000).isStale], [false, true]);
});

test("tests without a result say why", () => {
  const report = { engle_granger: { pvalue: null }, half_life: { bars: null }, unknown: { engle_granger: "needs 120 bars, has 40" } };
  const { pvalue, half_life: life } = shown({ report });
  assert.deepEqual([pvalue.text, pvalue.note], ["–", "needs 120 bars, has 40"]);
  assert.deepEqual([life.text, life.note], ["–", "not mean-reverting in this window"]);
});

test("a p-value is told with the verdict of all tests, not with its own", () => {
  const report = { engle_granger: { pvalue: 0.01 }, verdict: { word: "undecided", sentence: "" }, unknown: {} };
  assert.deepEqual([shown({ report }).pvalue.text, shown({ report }).pvalue.note], ["0.010", "undecided"]);
});

test("half-life is told in time", () => {
  const { half_life: life } = shown({ report: { half_life: { bars: 250.4 }, unknown: {} } });
  assert.deepEqual([life.text, life.note], ["4 min 10 s", "250.4 bars"]);
});
