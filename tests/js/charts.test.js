import assert from "node:assert/strict";
import { test } from "node:test";

import { timePanels } from "../../static/js/panels/definitions.js";
import { extent, sample } from "../../static/js/charts/sample.js";
import { TimeFormat, timeTicks } from "../../static/js/charts/time_axis.js";

const times = Array.from({ length: 10_000 }, (_, index) => index * 1_000);
const values = times.map((time) => Math.sin(time / 77_777) + (time === 4_321_000 ? 5 : 0));
const whole = { from: 0, to: times.at(-1), columns: 100, step: 1_000 };

test("at most four points of each column, in order of time", () => {
  const points = sample(times, values, whole);
  assert.ok(points.length <= 4 * 101);
  assert.ok(points.every(({ x }, index) => index === 0 || x > points[index - 1].x));
});

test("first, last and every extreme survive", () => {
  const points = sample(times, values, whole);
  assert.equal(points[0].y, values[0]);
  assert.equal(points.at(-1).y, values.at(-1));
  assert.equal(Math.max(...points.map(({ y }) => y)), Math.max(...values));
  assert.equal(Math.min(...points.map(({ y }) => y)), Math.min(...values));
});

test("a missing slot leaves the line open", () => {
  const points = sample([0, 1_000, 5_000, 6_000], [1, 2, 3, 4], { from: 0, to: 6_000, columns: 100, step: 1_000 });
  assert.deepEqual(points.map(({ y }) => y), [1, 2, null, 3, 4]);
});

test("so does an unknown value", () => {
  const points = sample([0, 1_000, 2_000], [1, null, 3], { from: 0, to: 2_000, columns: 100, step: 1_000 });
  assert.deepEqual(points.map(({ y }) => y), [1, null, 3]);
});

test("only the range is drawn", () => {
  const points = sample(times, values, { from: 5_000, to: 8_000, columns: 10, step: 1_000 });
  assert.deepEqual(points.map(({ x }) => x), [5_000, 6_000, 7_000, 8_000]);
});

test("the words beside a picture come from all values", () => {
  assert.deepEqual(extent([0, 1, 2, 3], [4, null, 9, 5], 0, 3), { low: 4, high: 9, last: 5 });
  assert.equal(extent([0], [null], 0, 3), null);
});

test("ticks are round times, not more than asked for", () => {
  const { ticks, step } = timeTicks(1_000_500, 4_600_500, 6);
  assert.equal(step, 600_000);
  assert.ok(ticks.length <= 6 && ticks.every((tick) => tick % step === 0));
});

test("times are written in the user's zone", () => {
  const time = Date.UTC(2026, 0, 2, 23, 30);
  assert.equal(new TimeFormat("UTC").tick(time, 60_000), "23:30");
  assert.equal(new TimeFormat("Asia/Tokyo").tick(time, 60_000), "08:30");
  assert.equal(new TimeFormat("UTC").tick(Date.UTC(2026, 0, 2), 3_600_000), "2 Jan");
});

test("axis labels have the digits that tell them apart", () => {
  const [, , spread] = timePanels({ y: { symbol: "Y", tick: "0.1" }, x: { symbol: "X", tick: "0.1" }, prices: "log" });
  const ticks = [{ value: -0.0005 }, { value: 0 }, { value: 0.0005 }];
  assert.deepEqual(ticks.map(({ value }, index) => spread.axes.y.format(value, index, ticks)), ["\u22120.0005", "0.0000", "0.0005"]);
});

test("the last of a range is its newest point, known or not", () => {
  assert.deepEqual(extent([1, 2, 3], [5, 7, null], 1, 3), { low: 5, high: 7, last: null });
});
