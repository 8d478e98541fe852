// One topic kept complete: frames from the socket, and the HTTP twin where frames are missing.

const WAITING_FRAMES = 256;

export class TopicFeed {
  #fetchTopic;
  #onChange;
  #onProblem;
  #waiting = null;

  constructor(topic, store, { fetchTopic, onChange, onProblem }) {
    this.topic = topic;
    this.store = store;
    this.#fetchTopic = fetchTopic;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
  }

  get since() {
    return this.store.seq;
  }

  // Fetches what is missing; frames that arrive meanwhile are applied after it.
  async load() {
    if (this.#waiting) return;
    this.#waiting = [];
    try {
      const frame = await this.#fetchTopic(this.topic, this.since);
      if (this.store.apply(frame) === "gap") this.store.apply(await this.#fetchTopic(this.topic, null));
      this.#onChange(frame);
    } catch (error) {
      this.#onProblem({ topic: this.topic, what: String(error.message ?? error), status: error.status ?? 0 });
    } finally {
      const waiting = this.#waiting;
      this.#waiting = null;
      for (const frame of waiting) if (this.store.apply(frame) === "applied") this.#onChange(frame);
    }
  }

  receive(frame) {
    if (frame.kind === "gone" || frame.kind === "error") {
      if (frame.kind === "gone") this.store.clear();
      this.#onProblem({ topic: this.topic, status: 404, ...frame.data, kind: frame.kind });
    } else if (frame.kind === "resync") {
      this.load();
    } else if (this.#waiting) {
      if (this.#waiting.length < WAITING_FRAMES) this.#waiting.push(frame);
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
