import assert from "node:assert/strict";
import { test } from "node:test";

import { sparkline } from "../../static/js/lib/sparkline.js";
import { moved, ordered, sortKeys, watchFigures } from "../../static/js/modules/watch_rows.js";

const data = { z: -2.345, at: 9_000, spark: [1, 2], pvalue: 0.0004, half_life: 250, unknown: {} };

test("a row says its numbers as the cards do", () => {
  const { z, pvalue, half_life, age, isStale } = watchFigures(data, { step: 1_000, now: 12_000 });
  assert.deepEqual([z, pvalue, half_life, age, isStale], ["−2.35", "<0.001", "4 min 10 s", "3 s", false]);
});

test("an old row is called stale, and an unknown z has its reason", () => {
  const old = watchFigures({ ...data, z: null, unknown: { z: "warming up 3 of 600" } }, { step: 1_000, now: 60_000 });
  assert.deepEqual([old.z, old.why, old.age, old.isStale], ["–", "warming up 3 of 600", "Stale, 51 s", true]);
  assert.equal(watchFigures(null, { step: 1_000, now: 0 }).age, "no data yet");
});

test("a z that is still warming up is marked, with its reason", () => {
  const row = watchFigures({ ...data, unknown: { z: "warming up 130 of 600" } }, { step: 1_000, now: 12_000 });
  assert.deepEqual([row.z, row.isWarming, row.why], ["−2.35 *", true, "warming up 130 of 600"]);
  assert.equal(watchFigures(data, { step: 1_000, now: 12_000 }).isWarming, false);
});

const rows = [
  { id: 1, key: sortKeys("B~A", { ...data, z: 0.5 }, 1_000) },
  { id: 2, key: sortKeys("A~B", { ...data, z: -3 }, 1_000) },
  { id: 3, key: sortKeys("C~A", null, 1_000) },
];
const ids = (sort) => ordered(rows, sort).map(({ id }) => id);

test("rows are sorted by what is asked, the unknown last either way", () => {
  assert.deepEqual(ids("name"), [2, 1, 3]);
  assert.deepEqual(ids("-z"), [2, 1, 3]);
  assert.deepEqual(ids("z"), [1, 2, 3]);
});

test("the number of rows that would move is told", () => {
  assert.equal(moved([1, 2, 3], [2, 1, 3]), 2);
  assert.equal(moved([1, 2, 3], [1, 2, 3]), 0);
});

test("a small line is left open where a value is unknown", () => {
  assert.equal(sparkline([0, 10, null, 10, 0]), "M0.0 22.0L30.0 2.0M90.0 2.0L120.0 22.0");
  assert.equal(sparkline([5, 5]), "M0.0 12.0L120.0 12.0");
  assert.equal(sparkline([1, null]), "");
});

test("points stand where their times are", () => {
  assert.equal(sparkline([0, 0, 0], [1_000, 2_000, 5_000]), "M0.0 12.0L30.0 12.0L120.0 12.0");
});
