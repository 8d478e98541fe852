import assert from "node:assert/strict";
import { test } from "node:test";

import { COLUMNS, LatestStore, SpecStore } from "../../static/js/live/store.js";

function points(times, value) {
  return { t: times, ...Object.fromEntries(COLUMNS.map((name, index) => [name, times.map((time) => value(time) + index)])) };
}

function frame(kind, seq, prev, times, value = (time) => time) {
  return { topic: "spec.1", kind, seq, prev, at: times.at(-1) ?? 0, data: { points: points(times, value), now: { z: seq } } };
}

function state(store) {
  return { seq: store.seq, t: store.t, now: store.now, ...Object.fromEntries(COLUMNS.map((name) => [name, store[name]])) };
}

// A small seeded generator (mulberry32): the same cases in every run.
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// What the server knows: rows by time, each with the number of the message that last carried it.
class Server {
  rows = new Map();
  seq = 0;

  change(next, clock) {
    this.seq += 1;
    const times = [...new Set([clock, ...Array.from({ length: 3 }, () => Math.max(1, clock - Math.floor(next() * 12)))])];
    for (const time of times) this.rows.set(time, { value: next(), seq: this.seq });
    return this.frame("delta", this.seq - 1);
  }

  frame(kind, since, limit = Infinity) {
    const chosen = [...this.rows].filter(([, row]) => kind === "snapshot" || row.seq > since).sort(([a], [b]) => a - b).slice(-limit);
    return frame(kind, this.seq, kind === "snapshot" ? null : since, chosen.map(([time]) => time), (time) => this.rows.get(time).value);
  }
}

// As an outbox does it: last seq, first prev, points of equal time replaced.
function merge(frames) {
  const rows = new Map();
  for (const { data } of frames) data.points.t.forEach((time, index) => rows.set(time, data.points.y[index]));
  const times = [...rows.keys()].sort((a, b) => a - b);
  return frame("delta", frames.at(-1).seq, frames[0].prev, times, (time) => rows.get(time));
}

test("snapshot + deltas, merged, lost, repeated and caught up, = fresh snapshot", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const next = random(seed);
    const server = new Server();
    const limit = 20;
    const store = new SpecStore(limit);
    let waiting = [];
    for (let clock = 1; clock <= 60; clock += 1) {
      const fresh = server.change(next, clock);
      if (next() < 0.1) continue;
      waiting.push(fresh);
      if (next() < 0.4) continue;
      const inARow = waiting.every((each, index) => index === 0 || each.prev === waiting[index - 1].seq);
      const sent = inARow && next() < 0.5 ? [merge(waiting)] : waiting;
      for (const each of next() < 0.2 ? [...sent, ...sent] : sent) {
        if (store.apply(each) === "gap") store.apply(server.frame(store.seq === null ? "snapshot" : "delta", store.seq));
      }
      waiting = [];
    }
    store.apply(server.frame(store.seq === null ? "snapshot" : "delta", store.seq));
    const whole = new SpecStore(limit);
    whole.apply(server.frame("snapshot", null, limit));
    assert.deepEqual(state(store), state(whole), `seed ${seed}`);
  }
});

test("a delta before any snapshot is a gap", () => {
  assert.equal(new SpecStore().apply(frame("delta", 5, 4, [1])), "gap");
});

test("a hole in the numbers is a gap and changes nothing", () => {
  const store = new SpecStore();
  store.apply(frame("snapshot", 5, null, [1, 2]));
  const before = structuredClone(state(store));
  assert.equal(store.apply(frame("delta", 8, 7, [3])), "gap");
  assert.deepEqual(state(store), before);
});

test("old news is ignored", () => {
  const store = new SpecStore();
  store.apply(frame("snapshot", 5, null, [1, 2]));
  assert.equal(store.apply(frame("delta", 5, 4, [2], () => 99)), "ignored");
  assert.equal(store.y.at(-1), 2);
});

test("an empty answer to since is no gap", () => {
  const store = new SpecStore();
  store.apply(frame("snapshot", 5, null, [1, 2]));
  assert.equal(store.apply({ ...frame("delta", 5, 5, []), data: {} }), "applied");
});

test("clearing leaves no number behind", () => {
  const store = new SpecStore();
  store.apply(frame("snapshot", 5, null, [1, 2]));
  store.clear();
  assert.deepEqual(state(store), state(new SpecStore()));
  assert.equal(store.report, null);
});

test("of a price only the newest counts", () => {
  const store = new LatestStore();
  store.apply({ seq: 7, data: { price: 2 } });
  assert.equal(store.apply({ seq: 6, data: { price: 1 } }), "ignored");
  assert.equal(store.data.price, 2);
});
