// The live topics of one page over one socket.

import { LiveSocket } from "./socket.js";
import { LatestStore } from "./store.js";
import { TopicFeed } from "./topic_feed.js";
import { fetchTopic } from "./twin.js";

export class LiveTopics {
  #feeds = new Map();
  #socket;

  constructor(url, { onState, onFrame }) {
    this.#socket = new LiveSocket(url, { onState, onFrame: (frame) => this.#receive(frame, onFrame) });
  }

  add(topic, { store = new LatestStore(), onChange, onProblem = () => {} }) {
    const feed = new TopicFeed(topic, store, { fetchTopic, onChange, onProblem });
    this.#feeds.set(topic, feed);
    this.#socket.subscribe(topic, () => feed.since);
    return store;
  }

  // The first picture comes over HTTP, the socket goes on from there.
  async open(...first) {
    await Promise.allSettled(first.map((topic) => this.#feeds.get(topic).load()));
    this.#socket.open();
  }

  // After the socket gave up because nobody was logged in.
  reopen() {
    this.#socket.reopen();
  }

  retryNow() {
    this.#socket.retryNow();
  }

  check() {
    this.#socket.check();
  }

  close() {
    this.#socket.close();
    for (const feed of this.#feeds.values()) feed.stop();
  }

  #receive(frame, onFrame) {
    this.#feeds.get(frame.topic)?.receive(frame);
    onFrame(frame);
  }
}
