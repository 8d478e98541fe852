// One socket for all topics of the page. It comes back by itself: 0.5 s doubling to 30 s, with jitter.

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const ACK_FRAMES = 8;
const ACK_MS = 1_000;
// The server is asked for a sign of life; a socket that does not answer is dead, whatever the network says
const PING_EVERY_MS = 10_000;
const ANSWER_MS = 10_000;
// Somebody looks again, after a sleep perhaps: an answer is waited for only so long
const HASTY_ANSWER_MS = 3_000;
// A topic that the server could not open just now is asked for again
const ASK_AGAIN_MS = 5_000;
const SIGNED_OUT = [4401, 4403];

export class LiveSocket {
  #url;
  #onFrame;
  #onState;
  #WebSocket;
  #timers;
  #random;
  #now;
  #topics = new Map();
  #socket = null;
  #delay = FIRST_DELAY;
  #received = 0;
  #acked = 0;
  #retryTimer = null;
  #ackTimer = null;
  #pingTimer = null;
  #answerTimer = null;
  #isClosed = true;

  constructor(url, { onFrame, onState, WebSocketClass = globalThis.WebSocket, timers = globalThis, random = Math.random, now = Date.now }) {
    this.#url = url;
    this.#onFrame = onFrame;
    this.#onState = onState;
    this.#WebSocket = WebSocketClass;
    this.#timers = timers;
    this.#random = random;
    this.#now = now;
  }

  // `since` is asked at each connect: the newest frame number known, or null.
  subscribe(topic, since = () => null) {
    this.#topics.set(topic, since);
    if (this.#isOpen()) this.#send({ op: "sub", topic, since: since() });
  }

  unsubscribe(topic) {
    if (this.#topics.delete(topic) && this.#isOpen()) this.#send({ op: "unsub", topic });
  }

  open() {
    this.#isClosed = false;
    this.#connect();
  }

  // Somebody is logged in again.
  reopen() {
    if (this.#isClosed) this.open();
  }

  // Is the socket still there? After a sleep it may be dead without a word.
  check() {
    if (this.#isOpen()) this.#ping(HASTY_ANSWER_MS);
    else this.retryNow();
  }

  // Now instead of later: the user asked, or the network is back.
  retryNow() {
    if (this.#isClosed || this.#socket) return;
    this.#timers.clearTimeout(this.#retryTimer);
    this.#connect();
  }

  close() {
    this.#isClosed = true;
    this.#timers.clearTimeout(this.#retryTimer);
    this.#drop();
  }

  #connect() {
    this.#onState({ name: "connecting" });
    const socket = new this.#WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => socket === this.#socket && this.#opened();
    socket.onmessage = (event) => socket === this.#socket && this.#message(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#lost(event.code);
  }

  #opened() {
    this.#received = 0;
    this.#acked = 0;
    this.#ping();
    for (const [topic, since] of this.#topics) this.#send({ op: "sub", topic, since: since() });
    this.#onState({ name: "open" });
  }

  #message(text) {
    this.#delay = FIRST_DELAY;
    this.#received += 1;
    this.#timers.clearTimeout(this.#answerTimer);
    this.#answerTimer = null;
    if (this.#received - this.#acked >= ACK_FRAMES) this.#acknowledge();
    else this.#ackTimer ??= this.#timers.setTimeout(() => this.#acknowledge(), ACK_MS);
    const frame = JSON.parse(text);
    if (frame.kind === "error" && frame.data?.status >= 500) this.#timers.setTimeout(() => this.#askAgain(frame.topic), ASK_AGAIN_MS);
    this.#onFrame(frame);
  }

  #askAgain(topic) {
    const since = this.#topics.get(topic);
    if (since && this.#isOpen()) this.#send({ op: "sub", topic, since: since() });
  }

  #acknowledge() {
    this.#timers.clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    this.#acked = this.#received;
    if (this.#isOpen()) this.#send({ op: "ack", n: this.#received });
  }

  // The answer is a frame of kind "pong"; any other frame is as good a sign of life.
  #ping(answerMs = ANSWER_MS) {
    this.#timers.clearTimeout(this.#pingTimer);
    this.#timers.clearTimeout(this.#answerTimer);
    this.#send({ op: "ping", sent: this.#now() });
    this.#answerTimer = this.#timers.setTimeout(() => this.#lost(0), answerMs);
    this.#pingTimer = this.#timers.setTimeout(() => this.#ping(), PING_EVERY_MS);
  }

  #lost(code) {
    this.#drop();
    if (this.#isClosed) return;
    if (SIGNED_OUT.includes(code)) {
      this.#isClosed = true;
      this.#onState({ name: "signed-out" });
      return;
    }
    const delay = this.#delay * (0.5 + this.#random() / 2);
    this.#delay = Math.min(LONGEST_DELAY, this.#delay * 2);
    this.#retryTimer = this.#timers.setTimeout(() => this.#connect(), delay);
    this.#onState({ name: "waiting", retryAt: this.#now() + delay });
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#timers.clearTimeout(this.#ackTimer);
    this.#timers.clearTimeout(this.#pingTimer);
    this.#timers.clearTimeout(this.#answerTimer);
    this.#ackTimer = null;
    this.#answerTimer = null;
    socket?.close();
  }

  #isOpen() {
    return this.#socket?.readyState === 1;
  }

  #send(message) {
    this.#socket.send(JSON.stringify(message));
  }
}
