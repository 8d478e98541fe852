import assert from "node:assert/strict";
import { test } from "node:test";

import { Points } from "../../static/js/charts/points.js";
import { SpecStore } from "../../static/js/live/store.js";
import { History } from "../../static/js/panels/history.js";
import { ExactRows } from "../../static/js/panels/rows.js";
import { SpecSource, gapAt, nearest } from "../../static/js/panels/source.js";

const STEP = 1_000;
const HOUR = 3_600_000;

// A history whose answers and whose time the test gives.
function historyOf(options = {}) {
  const asked = [];
  const later = new Map();
  let next = 1;
  const timers = { setTimeout: (callback, ms) => (later.set(next, { callback, ms }), next++), clearTimeout: (id) => later.delete(id) };
  const load = (request) => new Promise((resolve, reject) => asked.push({ ...request, resolve, reject }));
  const history = new History({ load, step: STEP, onChange: () => {}, timers, ...options });
  const wake = () => {
    const due = [...later.values()];
    later.clear();
    due.forEach(({ callback }) => callback());
    return due.map(({ ms }) => ms);
  };
  return { history, asked, wake };
}

const settled = () => new Promise(setImmediate);
const wish = { from: 10 * HOUR, to: 12 * HOUR, bufferFrom: 11 * HOUR, bufferTo: 12 * HOUR, pixelMs: 10_000 };
const answer = { earliest_ms: 0, columns: {} };

async function loaded(options) {
  const all = historyOf(options);
  all.history.want(wish);
  all.wake();
  all.asked[0].resolve(answer);
  await settled();
  return all;
}

test("what the buffer holds is not asked for", () => {
  const { history, wake } = historyOf();
  history.want({ ...wish, from: 11 * HOUR });
  assert.deepEqual([wake(), history.state.name], [[], "idle"]);
});

test("what was before is asked for with room to move, as fine as it is seen, never more than 4,000 pixels", () => {
  for (const [from, pixelMs] of [[10 * HOUR, 10_000], [10.5 * HOUR, 100], [0, 1_000], [5 * HOUR, 10_000]]) {
    const { history, asked, wake } = historyOf();
    history.want({ ...wish, from, pixelMs });
    wake();
    const { from: start, to: stop, pixels } = asked[0];
    assert.ok(start <= from && stop >= 11 * HOUR);
    assert.ok(pixels <= 4_000);
    if (from > 0) assert.ok((stop - start) / pixels <= Math.max(pixelMs, STEP));
  }
});

test("a range that cannot be had finer is asked for once", async () => {
  const { history, asked, wake } = historyOf();
  const wide = { ...wish, from: 0, pixelMs: 1_000 };
  history.want(wide);
  wake();
  asked[0].resolve(answer);
  await settled();
  history.want(wide);
  assert.deepEqual([wake().length, asked.length], [0, 1]);
});

test("it reaches over the buffer, so that both still meet when the buffer has moved on", async () => {
  const { history, asked, wake } = await loaded();
  assert.ok(asked[0].to > 11 * HOUR);
  history.want({ ...wish, bufferFrom: 11 * HOUR + 60_000, bufferTo: 12 * HOUR + 60_000 });
  assert.deepEqual(wake(), []);
});

test("one request waits until the range rests, one that is under way and no longer fits is given up", () => {
  const { history, asked, wake } = historyOf();
  history.want(wish);
  history.want(wish);
  assert.equal(wake().length, 1);
  history.want(wish);
  assert.equal(wake().length, 0);
  history.want({ ...wish, from: 2 * HOUR, to: 3 * HOUR });
  assert.ok(asked[0].signal.aborted);
  wake();
  assert.equal(asked.length, 2);
});

test("an answer that comes after it was given up is not drawn", async () => {
  const { history, asked, wake } = historyOf();
  history.want(wish);
  wake();
  history.want({ ...wish, from: 2 * HOUR, to: 3 * HOUR });
  asked[0].resolve(answer);
  await settled();
  assert.equal(history.segment, null);
  assert.equal(history.state.name, "loading");
});

test("going back needs no second request", async () => {
  const { history, wake, asked } = await loaded();
  history.want({ ...wish, from: 10.1 * HOUR });
  history.want(wish);
  assert.deepEqual([wake().length, asked.length], [0, 1]);
  assert.notEqual(history.segment, null);
});

test("zooming in asks for finer data, and draws the coarse ones until they come", async () => {
  const { history, asked, wake } = await loaded();
  const near = { ...wish, from: 10.5 * HOUR, to: 10.6 * HOUR, pixelMs: 500 };
  history.want(near);
  assert.equal(history.segment.data, answer);
  wake();
  const finer = { earliest_ms: 0, columns: {}, isFiner: true };
  asked[1].resolve(finer);
  await settled();
  assert.equal(history.segment.data, finer);
  history.want(wish);
  assert.equal(history.segment.data, answer);
});

test("before the earliest point nothing is asked for", async () => {
  const all = historyOf();
  all.history.want(wish);
  all.wake();
  all.asked[0].resolve({ ...answer, earliest_ms: 10.5 * HOUR });
  await settled();
  all.history.want({ ...wish, from: 5 * HOUR });
  assert.deepEqual([all.wake().length, all.history.earliest], [0, 10.5 * HOUR]);
});

test("a pair without stored points asks once", async () => {
  const all = historyOf();
  all.history.want(wish);
  all.wake();
  all.asked[0].resolve({ ...answer, earliest_ms: null });
  await settled();
  all.history.want({ ...wish, from: 0 });
  assert.equal(all.wake().length, 0);
});

test("a failure is said and tried again; a refusal waits for another wish", async () => {
  const { history, asked, wake } = historyOf();
  history.want(wish);
  wake();
  asked[0].reject(Object.assign(new Error("The server answered 503."), { status: 503 }));
  await settled();
  assert.equal(history.state.text, "Older data could not be loaded. The server answered 503. Trying again by itself.");
  history.want(wish);
  assert.deepEqual(wake(), [10_000]);
  history.want(wish);
  wake();
  asked[1].reject(Object.assign(new Error("At most six hours."), { status: 422 }));
  await settled();
  history.want(wish);
  assert.deepEqual([wake().length, history.state.text], [0, "Older data could not be loaded. At most six hours."]);
  history.want({ ...wish, from: 5 * HOUR, to: 6 * HOUR });
  wake();
  assert.equal(asked.length, 3);
});

test("no more is asked for than may be", () => {
  const { history, asked, wake } = historyOf({ longest: 6 * HOUR });
  history.want({ ...wish, from: 6 * HOUR + 1, to: 12 * HOUR, bufferFrom: Infinity, bufferTo: null });
  wake();
  assert.ok(asked[0].to - asked[0].from <= 6 * HOUR);
  assert.ok(asked[0].from <= 6 * HOUR + 1);
});

// --- buffer and history as one ------------------------------------------------------------------

function storeOf(t, values = t.map((_, index) => index)) {
  const store = new SpecStore();
  const names = ["y", "x", "spread", "z", "corr", "beta", "alpha"];
  store.apply({ kind: "snapshot", seq: 1, prev: null, at: 1, data: { points: { t, ...Object.fromEntries(names.map((name) => [name, values])) } } });
  return store;
}

const noExact = { at: () => null };
const noHistory = { segment: null, earliest: null, version: 0, state: { name: "idle", text: "" }, want() {} };

function sourceOf(store, { segment = null, earliest = null, exact = noExact } = {}) {
  return new SpecSource({ store, history: { ...noHistory, segment, earliest }, exact, step: STEP });
}

const old = { from: 0, to: 9_000, pixelMs: 2_000, data: { columns: { z: { t: [0, 2_000, 3_500, 5_000, 8_000, 9_000], v: [10, 11, null, 12, 13, 99] } } } };

function drawn(source, range = { from: 0, to: 20_000 }) {
  const points = source.fill(new Points(), "z", { ...range, columns: 100 });
  return [...points.xs.subarray(0, points.length)].map((x, index) => [x, Number.isNaN(points.ys[index]) ? null : points.ys[index]]);
}

test("what was fetched is drawn up to the buffer, and joins it", () => {
  const points = drawn(sourceOf(storeOf([9_000, 10_000]), { segment: old }));
  assert.deepEqual(points.map(([, y]) => y), [10, 11, null, 12, 13, 0, 1]);
});

test("between what was fetched and a later buffer the line is open", () => {
  const points = drawn(sourceOf(storeOf([19_000, 20_000]), { segment: old }));
  assert.deepEqual(points.slice(-4).map(([, y]) => y), [99, null, 0, 1]);
});

test("prices are rebased on the first value in sight", () => {
  const source = sourceOf(storeOf([9_000, 10_000], [5, 6]), { segment: old });
  assert.deepEqual([source.first("z", { from: 1_000, to: 20_000 }), source.first("z", { from: 9_500, to: 20_000 })], [11, 6]);
});

test("the figures at a time are those of the nearest row", () => {
  const source = sourceOf(storeOf([9_000, 10_000], [5, 6]));
  assert.deepEqual(source.at(9_700, ["z"]), { time: 10_000, values: { z: 6 }, gap: null, isExact: true });
  assert.equal(nearest([1, 5], 2.9), 0);
});

test("in a gap there are no figures, but both its ends", () => {
  const source = sourceOf(storeOf([9_000, 10_000, 42_000]));
  assert.deepEqual(source.at(20_000, ["z"]), { time: 20_000, values: { z: null }, gap: { from: 11_000, to: 42_000 }, isExact: true });
  assert.equal(source.at(41_900, ["z"]).gap, null);
  assert.equal(gapAt([0, 1_000], 0, 500, STEP), null);
});

test("a thinned stretch shows a point of its pixel and says so, until the row itself is known", () => {
  const coarse = { ...old, pixelMs: 60_000 };
  const point = sourceOf(storeOf([90_000]), { segment: coarse }).at(4_900, ["z"]);
  assert.deepEqual([point.time, point.values.z, point.isExact], [5_000, 12, false]);
  const exact = { at: () => ({ time: 4_000, values: { z: 77 }, gap: null }) };
  assert.deepEqual(sourceOf(storeOf([90_000]), { segment: coarse, exact }).at(4_900, ["z"]).values, { z: 77 });
});

test("a hole in what was fetched is told with both ends", () => {
  const holed = { ...old, data: { columns: { z: { t: [0, 50_000, 100_000], v: [1, null, 2] } } } };
  assert.deepEqual(sourceOf(storeOf([200_000]), { segment: holed }).at(52_000, ["z"]).gap, { from: 1_000, to: 100_000 });
});

test("keys go from row to row, also over a gap, and stop at the ends", () => {
  const source = sourceOf(storeOf([9_000, 10_000, 42_000]));
  assert.deepEqual([source.move(10_000, 1), source.move(42_000, -1), source.move(42_000, 10), source.move(10_000, -10)], [42_000, 10_000, 42_000, 9_000]);
});

test("before the buffer a key moves by one step, and not before the first point ever", () => {
  const source = sourceOf(storeOf([9_000, 10_000]), { segment: old, earliest: 4_000 });
  assert.deepEqual([source.move(9_000, -1), source.move(5_000, -10), source.move(5_000, 2)], [8_000, 4_000, 7_000]);
});

test("the warming up is the stretch before the first value there ever was", () => {
  const store = storeOf([9_000, 10_000, 11_000], [null, null, 3]);
  assert.deepEqual(sourceOf(store).warming("z", { from: 0, to: 20_000 }), { from: 9_000, to: 11_000 });
  assert.equal(sourceOf(store, { segment: old, earliest: 0 }).warming("z", { from: 0, to: 20_000 }), null);
  assert.equal(sourceOf(storeOf([9_000])).warming("z", { from: 0, to: 20_000 }), null);
});

test("an empty chart says why", () => {
  assert.equal(sourceOf(storeOf([])).reason(["z"]), "Waiting for the first bars");
  const store = storeOf([9_000], [null]);
  store.unknown = { z: "warming up 9 of 120" };
  assert.equal(sourceOf(store).reason(["z"]), "warming up 9 of 120");
  assert.equal(sourceOf(storeOf([9_000])).reason(["z"]), "");
});

test("the row itself is fetched when the pointer rests, once, and the nearest one is taken", async () => {
  const asked = [];
  const later = [];
  let changes = 0;
  const rows = new ExactRows({
    load: async (request) => (asked.push(request), { columns: { z: { t: [8_000, 10_000], v: [1, 2] } } }),
    step: STEP,
    onChange: () => (changes += 1),
    timers: { setTimeout: (callback) => later.push(callback), clearTimeout: () => (later.length = 0) },
  });
  assert.deepEqual([rows.at(5_000), rows.at(9_700)], [null, null]);
  later.splice(0).forEach((callback) => callback());
  await settled();
  assert.deepEqual(asked.map(({ from, to }) => [from, to]), [[8_000, 12_000]]);
  assert.deepEqual([rows.at(9_800).time, rows.at(9_800).values.z, changes], [10_000, 2, 1]);
});
