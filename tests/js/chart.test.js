import assert from "node:assert/strict";
import { test } from "node:test";

import { candlesOf, candleSize, joined, MOST_CANDLES } from "../../static/js/charts/candles.js";
import { offsetText, tickText } from "../../static/js/charts/axes.js";
import { Points } from "../../static/js/charts/points.js";
import { extent, sample, sampled } from "../../static/js/charts/sample.js";
import { TimeFormat, timeTicks } from "../../static/js/charts/time_axis.js";

const times = Array.from({ length: 10_000 }, (_, index) => index * 1_000);
const values = times.map((time) => Math.sin(time / 77_777) + (time === 4_321_000 ? 5 : 0));
const whole = { from: 0, to: times.at(-1), columns: 100, step: 1_000 };

function xs({ xs: all, length }) {
  return [...all.subarray(0, length)];
}

// Values as drawn; null where the pen is lifted.
function ys({ ys: all, length }) {
  return [...all.subarray(0, length)].map((value) => (Number.isNaN(value) ? null : value));
}

test("at most four points of each column, in order of time", () => {
  const points = sampled(times, values, whole);
  assert.ok(points.length <= 4 * 101);
  assert.ok(xs(points).every((x, index, all) => index === 0 || x > all[index - 1]));
});

test("first, last and every extreme survive", () => {
  const points = sampled(times, values, whole);
  const drawn = ys(points);
  assert.deepEqual([drawn[0], drawn.at(-1)], [values[0], values.at(-1)]);
  assert.deepEqual([Math.max(...drawn), Math.min(...drawn)], [Math.max(...values), Math.min(...values)]);
  assert.deepEqual([points.high, points.low], [Math.max(...values), Math.min(...values)]);
});

test("in every column the extremes are those of all its values", () => {
  const points = sampled(times, values, whole);
  const width = whole.to / whole.columns;
  const inColumn = (column) => (time) => Math.floor(time / width) === column;
  for (let column = 0; column < whole.columns; column += 1) {
    const all = values.filter((_, index) => inColumn(column)(times[index]));
    const shown = ys(points).filter((_, index) => inColumn(column)(xs(points)[index]));
    assert.deepEqual([Math.max(...shown), Math.min(...shown)], [Math.max(...all), Math.min(...all)]);
  }
});

test("a missing slot leaves the line open", () => {
  const points = sampled([0, 1_000, 5_000, 6_000], [1, 2, 3, 4], { from: 0, to: 6_000, columns: 100, step: 1_000 });
  assert.deepEqual(ys(points), [1, 2, null, 3, 4]);
});

test("so does an unknown value", () => {
  const points = sampled([0, 1_000, 2_000], [1, null, 3], { from: 0, to: 2_000, columns: 100, step: Infinity });
  assert.deepEqual(ys(points), [1, null, 3]);
});

test("a line enters and leaves the picture, but is not scaled by what is out of sight", () => {
  const points = sampled([0, 1_000, 2_000, 3_000, 4_000], [99, 2, 3, 4, -99], { from: 1_000, to: 3_000, columns: 10, step: 1_000 });
  assert.deepEqual(xs(points), [0, 1_000, 2_000, 3_000, 4_000]);
  assert.deepEqual([points.low, points.high], [2, 4]);
});

test("a second source goes on from the first: joined within its step, open beyond", () => {
  const asked = { from: 0, to: 9_000, columns: 100 };
  const begun = () => sample(new Points(), [0, 2_000], [1, 2], { ...asked, step: Infinity });
  assert.deepEqual(ys(sample(begun(), [4_000], [3], { ...asked, step: 1_000, seam: 2_000 })), [1, 2, 3]);
  assert.deepEqual(ys(sample(begun(), [6_000], [3], { ...asked, step: 1_000, seam: 2_000 })), [1, 2, null, 3]);
});

test("values before another source begins are left to it", () => {
  assert.deepEqual(xs(sampled([0, 1_000, 2_000], [1, 2, 3], { from: 0, to: 9_000, columns: 9, step: 1_000, stop: 2 })), [0, 1_000]);
});

test("rebased values are multiples", () => {
  assert.deepEqual(ys(sampled([0, 1], [50, 55], { from: 0, to: 1, columns: 10, step: 1, scale: 2 })), [100, 110]);
});

test("points are used again without growing", () => {
  const points = new Points();
  for (let round = 0; round < 3; round += 1) sample(points.clear(), times, values, whole);
  const { length } = points.xs;
  sample(points.clear(), times, values, whole);
  assert.equal(points.xs.length, length);
  assert.ok(!points.isEmpty && points.clear().isEmpty);
});

test("the words beside a picture come from all values", () => {
  assert.deepEqual(extent([0, 1, 2, 3], [4, null, 9, 5], 0, 3), { low: 4, high: 9, last: 5 });
  assert.equal(extent([0], [null], 0, 3), null);
});

test("the last of a range is its newest point, known or not", () => {
  assert.deepEqual(extent([1, 2, 3], [5, 7, null], 1, 3), { low: 5, high: 7, last: null });
});

test("ticks are round times, not more than asked for", () => {
  const { ticks, step } = timeTicks(1_000_500, 4_600_500, 6);
  assert.equal(step, 600_000);
  assert.ok(ticks.length <= 6 && ticks.every((tick) => tick % step === 0));
});

test("ticks are round on the reader's clock", () => {
  const kolkata = new TimeFormat("Asia/Kolkata");
  const from = Date.UTC(2026, 0, 2);
  const { ticks, step } = timeTicks(from, from + 86_400_000, 6, kolkata.offset);
  assert.equal(step, 6 * 3_600_000);
  assert.deepEqual(ticks.map((tick) => kolkata.tick(tick, step)), ["06:00", "12:00", "18:00", "3 Jan"]);
});

test("times are written in the user's zone", () => {
  const time = Date.UTC(2026, 0, 2, 23, 30);
  assert.equal(new TimeFormat("UTC").tick(time, 60_000), "23:30");
  assert.equal(new TimeFormat("Asia/Tokyo").tick(time, 60_000), "08:30");
  assert.equal(new TimeFormat("UTC").tick(Date.UTC(2026, 0, 2), 3_600_000), "2 Jan");
});

test("a zone is ahead of UTC by what its clocks show then", () => {
  const berlin = new TimeFormat("Europe/Berlin");
  assert.deepEqual([Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1, 0, 0, 0, 7)].map(berlin.offset), [3_600_000, 7_200_000]);
  assert.deepEqual([0, 19_800_000, -12_600_000].map(offsetText), ["UTC", "UTC+5:30", "UTC\u22123:30"]);
});

test("a stretch names its day once", () => {
  const utc = new TimeFormat("UTC");
  assert.equal(utc.span(Date.UTC(2026, 0, 2, 9), Date.UTC(2026, 0, 2, 10)), "2 Jan 2026, 09:00:00 to 10:00:00");
  assert.equal(utc.span(Date.UTC(2026, 0, 2, 9), Date.UTC(2026, 0, 3, 10)), "2 Jan 2026, 09:00:00 to 3 Jan 2026, 10:00:00");
});

test("axis labels have the digits that tell them apart", () => {
  const ticks = [{ value: -0.0005 }, { value: 0 }, { value: 0.0005 }];
  assert.deepEqual(ticks.map(({ value }, index) => tickText(value, index, ticks)), ["\u22120.0005", "0.0000", "0.0005"]);
});

const MINUTE = 60_000;

function bars(count, { start = 0, step = MINUTE } = {}) {
  const t = Array.from({ length: count }, (_, index) => start + index * step);
  const o = t.map((_, index) => 100 + (index % 7));
  return { t, o, h: o.map((each) => each + 3), l: o.map((each) => each - 2), c: o.map((each) => each + 1), v: t.map(() => 2), f: t.map((_, index) => (index < count - 1 ? 1 : 0)) };
}

test("a bar is a candle while there is room for all", () => {
  const candles = candlesOf(bars(10), { from: 0, to: 9 * MINUTE, step: MINUTE, width: MINUTE });
  assert.deepEqual(candles[0], { t: 0, o: 100, h: 103, l: 98, c: 101, v: 2, span: { width: MINUTE, offset: 0 }, isFinal: true });
  assert.deepEqual([candles.length, candles.at(-1).isFinal], [10, false]);
});

test("bars are merged so that there are no more candles than asked, at bounds that stay", () => {
  const all = bars(5_000);
  for (const from of [0, 30 * MINUTE, 31 * MINUTE]) {
    const range = { from, to: 4_999 * MINUTE };
    const width = candleSize(range.from, range.to, MINUTE) * MINUTE;
    const candles = candlesOf(all, { ...range, step: MINUTE, width });
    assert.ok(candles.length <= MOST_CANDLES + 1, String(candles.length));
    assert.ok(candles.every(({ t }) => t % width === 0));
  }
});

test("a merged candle opens as its first bar, closes as its last, and holds all of them", () => {
  const all = bars(10);
  const [first, second] = candlesOf(all, { from: 0, to: 9 * MINUTE, step: MINUTE, width: 5 * MINUTE });
  assert.deepEqual([first.o, first.h, first.l, first.c, first.v], [100, 107, 98, 105, 10]);
  assert.deepEqual([first.isFinal, second.isFinal], [true, false]);
});

test("a candle of which two sources know a part is one", () => {
  const older = candlesOf(bars(5), { from: 0, to: 4 * MINUTE, step: MINUTE, width: 5 * MINUTE });
  const newer = candlesOf(bars(3, { start: 3 * MINUTE }), { from: 0, to: 9 * MINUTE, step: MINUTE, width: 5 * MINUTE });
  const both = joined(older, newer);
  assert.deepEqual(both.map(({ t }) => t), [0, 5 * MINUTE]);
  assert.deepEqual([both[0].o, both[0].c], [100, 102]);
});
