// One topic kept complete: frames from the socket, and the HTTP twin where frames are missing.

const WAITING_FRAMES = 256;
const RETRY_MS = 5_000;

export class TopicFeed {
  #fetchTopic;
  #onChange;
  #onProblem;
  #timers;
  #waiting = null;
  #retryTimer = null;

  constructor(topic, store, { fetchTopic, onChange, onProblem, timers = globalThis }) {
    this.topic = topic;
    this.store = store;
    this.#fetchTopic = fetchTopic;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
    this.#timers = timers;
  }

  get since() {
    return this.store.seq;
  }

  // Fetches what is missing; frames that arrive meanwhile are applied after it.
  async load() {
    if (this.#waiting) return;
    this.#waiting = [];
    this.stop();
    const isLoaded = await this.#fetch();
    const waiting = this.#waiting;
    this.#waiting = null;
    for (const frame of waiting) {
      if (isLoaded) this.receive(frame);
      else if (frame.kind !== "resync" && this.store.apply(frame) === "applied") this.#onChange(frame);
    }
  }

  // No more tries.
  stop() {
    this.#timers.clearTimeout(this.#retryTimer);
  }

  async #fetch() {
    try {
      const frame = await this.#fetchTopic(this.topic, this.since);
      if (this.store.apply(frame) === "gap") this.store.apply(await this.#fetchTopic(this.topic, null));
      this.#onChange(frame);
      return true;
    } catch (error) {
      const status = error.status ?? 0;
      this.#onProblem({ topic: this.topic, what: String(error.message ?? error), status });
      // The next frame may be an hour away
      if (status === 0 || status === 429 || status >= 500) this.#retryTimer = this.#timers.setTimeout(() => this.load(), RETRY_MS);
      return false;
    }
  }

  receive(frame) {
    if (frame.kind === "gone" || frame.kind === "error") {
      if (frame.kind === "gone") this.store.clear();
      this.#onProblem({ topic: this.topic, status: 404, ...frame.data, kind: frame.kind });
    } else if (this.#waiting) {
      if (this.#waiting.length < WAITING_FRAMES) this.#waiting.push(frame);
    } else if (frame.kind === "resync") {
      this.load();
    } else {
      this.#apply(frame);
    }
  }

  #apply(frame) {
    const verdict = this.store.apply(frame);
    if (verdict === "applied") this.#onChange(frame);
    if (verdict === "gap") this.load();
  }
}
