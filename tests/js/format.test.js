import assert from "node:assert/strict";
import { test } from "node:test";

import { age, decimalsOf, duration, number, pvalue, spreadDecimals } from "../../static/js/lib/format.js";

test("a negative number has a true minus, zero has no sign", () => {
  assert.equal(number(-1.5, 2), "\u22121.50");
  assert.equal(number(1.5, 2, { sign: true }), "+1.50");
  assert.equal(number(-0.001, 2, { sign: true }), "0.00");
});

test("an unknown number is a dash", () => {
  for (const value of [null, undefined, NaN, Infinity]) assert.equal(number(value, 2), "–");
});

test("thousands are grouped", () => assert.equal(number(64_123.4, 1), "64,123.4"));

test("decimals follow the tick size as text", () => {
  assert.deepEqual(["0.10", "0.0001", "5", "1.000"].map(decimalsOf), [1, 4, 0, 0]);
});

test("while the tick size is unknown no digit of a price is lost", () => {
  assert.deepEqual([0.00001234, 64_123.45, 1_000].map((price) => number(price, decimalsOf(null))), ["0.00001234", "64,123.45", "1,000"]);
  assert.equal(spreadDecimals("raw", null, "0.01"), 6);
});

test("a spread has one digit more than the finer leg, at most six", () => {
  assert.equal(spreadDecimals("raw", "0.10", "0.01"), 3);
  assert.equal(spreadDecimals("raw", "0.0000001", "0.1"), 6);
  assert.equal(spreadDecimals("log", "0.10", "0.01"), 6);
});

test("small p-values are not zero", () => {
  assert.equal(pvalue(0.0004), "<0.001");
  assert.equal(pvalue(0.0404), "0.040");
  assert.equal(pvalue(null), "–");
});

test("a duration has its two largest units", () => {
  assert.deepEqual([0, 59, 250, 3_600, 90_061].map(duration), ["0 s", "59 s", "4 min 10 s", "1 h", "1 d 1 h"]);
});

test("less than a second is not nothing", () => assert.deepEqual([0.2, 0.9].map(duration), ["<1 s", "<1 s"]));

test("an age is never negative and counts whole seconds", () => {
  assert.equal(age(-500), "0 s");
  assert.equal(age(1_999), "1 s");
});
