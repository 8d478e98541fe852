import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveSocket } from "../../static/js/live/socket.js";

// Time that the test moves.
class Timers {
  now = 0;
  #next = 1;
  #all = new Map();

  setTimeout = (callback, ms) => {
    this.#all.set(this.#next, { callback, at: this.now + ms });
    return this.#next++;
  };

  clearTimeout = (id) => this.#all.delete(id);

  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.#all].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.#all.delete(due[0]);
      this.now = due[1].at;
      due[1].callback();
    }
    this.now = end;
  }
}

function setUp() {
  const timers = new Timers();
  const sockets = [];
  const states = [];
  const frames = [];
  class Wire {
    readyState = 0;
    sent = [];
    constructor() {
      sockets.push(this);
    }
    send(text) {
      this.sent.push(JSON.parse(text));
    }
    close() {
      this.readyState = 3;
    }
    opens() {
      this.readyState = 1;
      this.onopen();
    }
    says(frame) {
      this.onmessage({ data: JSON.stringify(frame) });
    }
    drops(code = 1006) {
      this.readyState = 3;
      this.onclose({ code });
    }
  }
  const socket = new LiveSocket("ws://x/ws/live/", {
    onFrame: (frame) => frames.push(frame),
    onState: (state) => states.push(state),
    WebSocketClass: Wire,
    timers,
    random: () => 1,
    now: () => timers.now,
  });
  return { socket, sockets, states, frames, timers };
}

const acks = (wire) => wire.sent.filter(({ op }) => op === "ack").map(({ n }) => n);
const pings = (wire) => wire.sent.filter(({ op }) => op === "ping").map(({ sent }) => sent);
const subs = (wire) => wire.sent.filter(({ op }) => op === "sub");

test("topics are asked for at each connect, from the newest known frame on", () => {
  const { socket, sockets, timers } = setUp();
  let seq = null;
  socket.subscribe("spec.1", () => seq);
  socket.open();
  sockets[0].opens();
  assert.deepEqual(subs(sockets[0]), [{ op: "sub", topic: "spec.1", since: null }]);
  seq = 41;
  sockets[0].drops();
  timers.pass(500);
  sockets[1].opens();
  assert.deepEqual(subs(sockets[1]), [{ op: "sub", topic: "spec.1", since: 41 }]);
});

test("every eighth frame is acknowledged at once, fewer after a second, counted from the open", () => {
  const { socket, sockets, timers } = setUp();
  socket.open();
  sockets[0].opens();
  for (let seq = 1; seq <= 9; seq += 1) sockets[0].says({ seq });
  assert.deepEqual(acks(sockets[0]), [8]);
  timers.pass(1_000);
  assert.deepEqual(acks(sockets[0]), [8, 9]);
  sockets[0].drops();
  timers.pass(500);
  sockets[1].opens();
  sockets[1].says({ seq: 10 });
  timers.pass(1_000);
  assert.deepEqual(acks(sockets[1]), [1]);
});

test("delays double to thirty seconds, and a frame makes them short again", () => {
  const { socket, sockets, states, timers } = setUp();
  socket.open();
  const delays = [];
  for (let round = 0; round < 9; round += 1) {
    sockets.at(-1).drops();
    delays.push(states.at(-1).retryAt - timers.now);
    timers.pass(30_000);
  }
  assert.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  sockets.at(-1).opens();
  sockets.at(-1).says({ seq: 1 });
  sockets.at(-1).drops();
  assert.equal(states.at(-1).retryAt - timers.now, 500);
});

test("now means now", () => {
  const { socket, sockets } = setUp();
  socket.open();
  sockets[0].drops();
  socket.retryNow();
  assert.equal(sockets.length, 2);
});

test("a sign of life is asked for every ten seconds, and a socket without one is replaced", () => {
  const { socket, sockets, timers } = setUp();
  socket.open();
  sockets[0].opens();
  assert.deepEqual(pings(sockets[0]), [0]);
  sockets[0].says({ kind: "pong", topic: "", data: { sent: 0, server_ms: 5 } });
  timers.pass(10_000);
  assert.deepEqual(pings(sockets[0]), [0, 10_000]);
  sockets[0].says({ kind: "delta", topic: "feed" });
  timers.pass(19_999);
  assert.equal(sockets.length, 1);
  timers.pass(501);
  assert.equal(sockets.length, 2);
});

test("after a sleep the answer is waited for three seconds only", () => {
  const { socket, sockets, states, timers } = setUp();
  socket.open();
  sockets[0].opens();
  sockets[0].says({ kind: "pong", topic: "" });
  socket.check();
  timers.pass(2_999);
  assert.equal(states.at(-1).name, "open");
  timers.pass(1);
  assert.equal(states.at(-1).name, "waiting");
  socket.check();
  assert.equal(sockets.length, 2);
});

test("a topic that the server could not open for now is asked for again", () => {
  const { socket, sockets, timers } = setUp();
  socket.subscribe("price.a", () => 3);
  socket.subscribe("price.b", () => null);
  socket.open();
  sockets[0].opens();
  const [before] = [subs(sockets[0]).length];
  sockets[0].says({ kind: "error", topic: "price.a", seq: 0, data: { status: 503 } });
  sockets[0].says({ kind: "error", topic: "price.b", seq: 0, data: { status: 404 } });
  timers.pass(5_000);
  assert.deepEqual(subs(sockets[0]).slice(before), [{ op: "sub", topic: "price.a", since: 3 }]);
});

test("who is signed out is not let in again by trying", () => {
  const { socket, sockets, states, timers } = setUp();
  socket.open();
  sockets[0].drops(4401);
  timers.pass(60_000);
  assert.equal(states.at(-1).name, "signed-out");
  assert.equal(sockets.length, 1);
});

test("who is logged in again gets a socket again, and all topics with what is known", () => {
  const { socket, sockets, states } = setUp();
  socket.subscribe("price.a", () => 7);
  socket.open();
  sockets[0].opens();
  socket.reopen();
  assert.equal(sockets.length, 1);
  sockets[0].drops(4401);
  socket.reopen();
  sockets[1].opens();
  assert.equal(states.at(-1).name, "open");
  assert.deepEqual(sockets[1].sent.filter(({ op }) => op === "sub"), [{ op: "sub", topic: "price.a", since: 7 }]);
});

test("closed stays closed", () => {
  const { socket, sockets, timers } = setUp();
  socket.open();
  sockets[0].opens();
  socket.close();
  socket.retryNow();
  timers.pass(60_000);
  assert.equal(sockets.length, 1);
});
