import assert from "node:assert/strict";
import { test } from "node:test";

import { LatestStore, SpecStore } from "../../static/js/live/store.js";
import { TopicFeed } from "../../static/js/live/topic_feed.js";

const snapshot = (seq) => ({ kind: "snapshot", seq, prev: null, at: seq, data: {} });
const delta = (seq, prev = seq - 1) => ({ kind: "delta", seq, prev, at: seq, data: {} });

// A feed whose answers to HTTP the test gives when it likes.
function feedOf(store = new SpecStore()) {
  const asked = [];
  const later = [];
  const problems = [];
  const changes = [];
  const feed = new TopicFeed("spec.1", store, {
    fetchTopic: (topic, since) => new Promise((resolve, reject) => asked.push({ since, resolve, reject })),
    onChange: (frame) => changes.push(frame.seq),
    onProblem: (problem) => problems.push(problem),
    timers: { setTimeout: (callback) => later.push(callback), clearTimeout: () => {} },
  });
  return { feed, store, asked, later, problems, changes };
}

async function loaded(seq) {
  const all = feedOf();
  const loading = all.feed.load();
  all.asked[0].resolve(snapshot(seq));
  await loading;
  return all;
}

test("the first picture is fetched whole", async () => {
  const { asked, store } = await loaded(5);
  assert.equal(asked[0].since, null);
  assert.equal(store.seq, 5);
});

test("a hole asks for what came after the last known frame, and keeps what arrives meanwhile", async () => {
  const { feed, asked, store, changes } = await loaded(5);
  feed.receive(delta(8));
  feed.receive(delta(9));
  assert.deepEqual(asked.slice(1).map(({ since }) => since), [5]);
  asked[1].resolve(delta(8, 5));
  await new Promise(setImmediate);
  assert.equal(store.seq, 9);
  assert.deepEqual(changes, [5, 8, 9]);
});

test("resync fetches", async () => {
  const { feed, asked } = await loaded(5);
  feed.receive({ kind: "resync", seq: 0, prev: null, at: 0, data: {} });
  assert.equal(asked.at(-1).since, 5);
});

test("a resync that comes while a fetch is under way is not forgotten", async () => {
  const { feed, store, asked } = await loaded(5);
  feed.receive(delta(8));
  feed.receive({ kind: "resync", seq: 9, prev: 8, at: 0, data: {} });
  asked[1].resolve(delta(8, 5));
  await new Promise(setImmediate);
  assert.deepEqual(asked.slice(2).map(({ since }) => since), [8]);
  asked[2].resolve(delta(9));
  await new Promise(setImmediate);
  assert.equal(store.seq, 9);
});

test("a hole between what was fetched and what arrived meanwhile is fetched too", async () => {
  const { feed, asked } = await loaded(5);
  feed.receive(delta(8));
  feed.receive(delta(12));
  asked[1].resolve(delta(8, 5));
  await new Promise(setImmediate);
  assert.deepEqual(asked.slice(2).map(({ since }) => since), [8]);
});

test("a failed fetch is tried again without a frame: the next bar may be an hour away", async () => {
  const { feed, store, asked, later } = await loaded(5);
  feed.receive(delta(8));
  feed.receive({ kind: "resync", seq: 9, prev: 8, at: 0, data: {} });
  asked[1].reject(new Error("no network"));
  await new Promise(setImmediate);
  assert.deepEqual([store.seq, asked.length, later.length], [5, 2, 1]);
  later[0]();
  asked[2].resolve(delta(9, 5));
  await new Promise(setImmediate);
  assert.equal(store.seq, 9);
});

test("what may not be seen is not asked for again", async () => {
  const { feed, asked, later } = feedOf();
  const loading = feed.load();
  asked[0].reject(Object.assign(new Error("no such topic"), { status: 404 }));
  await loading;
  assert.equal(later.length, 0);
});

test("gone clears the store and says so", async () => {
  const { feed, store, problems } = await loaded(5);
  feed.receive({ kind: "gone", seq: 0, prev: null, at: 0, data: { reason: "not yours" } });
  assert.equal(store.seq, null);
  assert.equal(problems[0].kind, "gone");
});

test("a failed fetch is told, and the next frame tries again", async () => {
  const { feed, asked, problems } = feedOf();
  const loading = feed.load();
  asked[0].reject(new Error("no network"));
  await loading;
  assert.equal(problems[0].what, "no network");
  feed.receive(delta(9));
  assert.equal(asked.length, 2);
});

test("a price needs no number before it", () => {
  const { feed, store, asked } = feedOf(new LatestStore());
  feed.receive({ kind: "delta", seq: 70, prev: 60, at: 1, data: { price: 3 } });
  assert.equal(store.data.price, 3);
  assert.equal(asked.length, 0);
});
