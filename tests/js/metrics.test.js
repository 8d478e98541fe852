import assert from "node:assert/strict";
import { test } from "node:test";

import { TimeFormat } from "../../static/js/charts/time_axis.js";
import { formingZ } from "../../static/js/lib/forming.js";
import { quantity } from "../../static/js/lib/format.js";
import { SpecStore } from "../../static/js/live/store.js";
import { fitFacts } from "../../static/js/modules/fit_facts.js";
import { readings } from "../../static/js/modules/readings.js";

const time = new TimeFormat("UTC");
const bar = (name, more = {}) => ({ name, cadence: "bar", group: "fit", unit: "", decimals: 4, unknown: "not known for this bar", ...more });
const report = (name, more = {}) => ({ ...bar(name), cadence: "report", group: "legs", unknown: "not known for this window", ...more });
const page = {
  step: 1_000,
  metrics: [bar("hedge_ratio"), bar("hedge_stderr", { decimals: 6, unknown: "no standard errors" }), bar("hedge_n", { unit: "bars", decimals: 0 }), report("eg", { unit: "p", decimals: 3 }), report("dummy", { unit: "%", decimals: 1 })],
  hedges: { ols: { title: "OLS, rolling", live: "rolling" }, kalman: { title: "Kalman filter", live: "memory" } },
};
const spec = { y: "simulated:AAA", x: "simulated:BBB", tf: "1s", hedge: "ols", prices: "log", hwin: 300 };
const points = { t: [9_000], y: [1], x: [1], spread: [0], z: [0], corr: [0], beta: [0], alpha: [0] };

function storeOf(data) {
  const store = new SpecStore();
  store.apply({ kind: "snapshot", seq: 1, prev: null, at: 10_000, data: { points, ...data } });
  return store;
}

const told = ({ text, note }) => [text, note];

function read(data) {
  return readings({ store: storeOf(data), page });
}

test("a number has the decimals and the unit of its metric", () => {
  assert.equal(quantity(-1.234, { unit: "σ", decimals: 2 }, 1_000), "−1.23 σ");
  assert.equal(quantity(0.12345, { unit: "", decimals: 4 }, 1_000), "0.1235");
  assert.equal(quantity(0.0004, { unit: "p", decimals: 3 }, 1_000), "<0.001");
  assert.equal(quantity(12_345.678, { unit: "", decimals: null }, 1_000), "12,345.678");
  assert.equal(quantity(null, { unit: "bars", decimals: 1 }, 1_000), "–");
});

test("bars are told in time as well", () => {
  assert.equal(quantity(12.3, { unit: "bars", decimals: 1 }, 1_000), "12.3 bars, 12 s");
  assert.equal(quantity(90, { unit: "bars", decimals: 0 }, 60_000), "90 bars, 1 h 30 min");
  assert.equal(quantity(1, { unit: "bars", decimals: 0 }, 60_000), "1 bar, 1 min");
});

test("a metric that nobody wrote a line for is shown", () => {
  const { dummy } = read({ report: { metrics: { dummy: { value: 12.34, n: 300, direction: "AAA on BBB", detail: "1 % -22.53, lag t-1" } } } });
  assert.deepEqual(dummy, { text: "12.3 %", note: "1 % −22.53, lag t-1", count: "300" });
});

test("bars may be negative: a lead is told with its sign", () => {
  assert.equal(quantity(-3, { unit: "bars", decimals: 0 }, 60_000), "−3 bars, −3 min");
  assert.equal(quantity(0, { unit: "bars", decimals: 0 }, 60_000), "0 bars, 0 s");
});

test("each unknown number has a reason: its own, that of the line, or that of the metric", () => {
  const shown = read({
    now: { beta: null, metrics: { hedge_ratio: null, hedge_stderr: null, hedge_n: 40 } },
    unknown: { beta: "warming up 40 of 120" },
    report: { metrics: { eg: { value: null, reason: "40 bars are too few" }, dummy: { value: null, reason: "" } } },
  });
  assert.deepEqual(told(shown.hedge_ratio), ["–", "warming up 40 of 120"]);
  assert.deepEqual(told(shown.hedge_stderr), ["–", "warming up 40 of 120"]);
  assert.equal(shown.hedge_n.text, "40 bars, 40 s");
  assert.deepEqual(told(shown.eg), ["–", "40 bars are too few"]);
  assert.deepEqual(told(shown.dummy), ["–", "not known for this window"]);
  const known = read({ now: { beta: 1, metrics: { hedge_ratio: 1, hedge_stderr: null } }, unknown: {} });
  assert.deepEqual(told(known.hedge_stderr), ["–", "no standard errors"]);
});

test("a value that is still warming up says so", () => {
  const { hedge_ratio: ratio } = read({ now: { beta: 1, metrics: { hedge_ratio: 1 } }, unknown: { beta: "warming up 130 of 300" } });
  assert.deepEqual(told(ratio), ["1.0000", "warming up 130 of 300"]);
});

test("a metric that the report does not know yet is no zero", () => {
  assert.deepEqual(told(read({ report: { metrics: {} } }).eg), ["–", "not in this report"]);
  assert.deepEqual(told(read({ report: null }).eg), ["–", "no report yet"]);
});

test("before the first bar there is no number at all", () => {
  const shown = readings({ store: new SpecStore(), page });
  assert.deepEqual(new Set(Object.values(shown).map(({ text, note }) => `${text} ${note}`)), new Set(["– waiting for bars"]));
});

test("the fit names what the frame says: direction, space, method, window, bar", () => {
  const facts = fitFacts({ store: storeOf({ spec }), page, time });
  assert.deepEqual(Object.values(facts).map(({ text }) => text), ["AAA on BBB", "log prices", "OLS, rolling", "300 bars, 5 min", time.full(9_000)]);
  const other = fitFacts({ store: storeOf({ spec: { ...spec, hedge: "kalman", prices: "raw" } }), page, time });
  assert.deepEqual([other.method.text, other.prices.text], ["Kalman filter", "raw prices"]);
  assert.match(other.window.note, /all bars since/);
});

test("nothing of an old spec is left once its store is empty", () => {
  const store = storeOf({ spec, now: { beta: 1, metrics: { hedge_ratio: 1 } }, forming: { ratio: 1 }, report: { metrics: { eg: { value: 0.01 } } } });
  store.clear();
  const shown = { ...fitFacts({ store, page, time }), ...readings({ store, page }) };
  assert.ok(Object.values(shown).every(({ text }) => text === "–"));
  assert.equal(store.forming, null);
});

test("the forming bar is scored by the line, mean and deviation before it", () => {
  const forming = { ratio: 2, intercept: 1, mean: 0.5, std: 0.25 };
  assert.equal(formingZ(forming, 10, 4, "raw"), (10 - 1 - 8 - 0.5) / 0.25);
  assert.equal(formingZ(forming, Math.E ** 3, Math.E, "log"), -2);
});

test("a forming bar with an unknown part has no score", () => {
  const forming = { ratio: 2, intercept: 1, mean: 0.5, std: 0.25 };
  for (const name of Object.keys(forming)) assert.equal(formingZ({ ...forming, [name]: null }, 10, 4, "raw"), null);
  assert.equal(formingZ({ ...forming, std: 0 }, 10, 4, "raw"), null);
  assert.equal(formingZ(null, 10, 4, "raw"), null);
  assert.equal(formingZ(forming, undefined, 4, "raw"), null);
  assert.equal(formingZ(forming, -1, 4, "log"), null);
});
