// What is older than the page's own buffer, fetched as the range reaches back to it: as many points as the drawing can
// show, finer when one zooms in. One piece is kept; a request that the range has left behind is given up.

const QUIET_MS = 200;
// Of the range, on each side, so that a small pan needs no request
const MARGIN = 0.5;
// A piece that was made for a range so much longer is too coarse
const COARSE = 2;
const RETRY_MS = 5_000;

export class History {
  #topic;
  #timers;
  #fetcher;
  #onChange;
  #timer = null;
  #request = null;
  #failedUntil = 0;
  piece = null;
  earliest = null;
  state = "idle";

  constructor(topic, { onChange, fetcher = (...asked) => fetch(...asked), timers = globalThis }) {
    this.#topic = topic;
    this.#onChange = onChange;
    this.#fetcher = fetcher;
    this.#timers = timers;
  }

  // What must be there to draw a range with so many pixel columns; `before` is where the buffer begins, null without one.
  want({ from, to }, before, pixels) {
    const isHeld = before !== null && from >= before;
    const isKnown = this.earliest !== null && before !== null && before <= this.earliest;
    if (isHeld || isKnown || this.#serves(from, Math.min(to, before ?? to), to - from)) return;
    if (Date.now() < this.#failedUntil) return;
    this.#timers.clearTimeout(this.#timer);
    this.#timer = this.#timers.setTimeout(() => this.#fetch({ from, to }, before, pixels), QUIET_MS);
  }

  // Times and values of a column before `before`.
  column(name, before) {
    const found = this.piece?.columns[name];
    if (!found) return null;
    const end = before === null ? found.t.length : found.t.findLastIndex((time) => time < before) + 1;
    return { t: found.t.slice(0, end), v: found.v.slice(0, end) };
  }

  #serves(from, to, span) {
    const { piece } = this;
    if (!piece || piece.span > COARSE * span * (1 + 2 * MARGIN)) return false;
    const reach = Math.max(from, this.earliest ?? 0);
    return piece.from <= reach && piece.to >= Math.min(to, piece.before ?? to);
  }

  async #fetch({ from, to }, before, pixels) {
    this.#request?.abort();
    const request = new AbortController();
    this.#request = request;
    const margin = (to - from) * MARGIN;
    const asked = { from: Math.max(0, Math.round(from - margin)), to: Math.round(Math.min(to + margin, before ?? Infinity)) };
    if (asked.to <= asked.from) return;
    this.#set("loading");
    try {
      const width = Math.min(4_000, Math.max(50, Math.round(pixels * (1 + 2 * MARGIN))));
      const query = new URLSearchParams({ ...asked, pixels: width });
      const response = await this.#fetcher(`/api/v1/series/${encodeURIComponent(this.#topic)}?${query}`, { signal: request.signal, cache: "no-store" });
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      const body = await response.json();
      this.piece = { ...body, ...asked, before, span: asked.to - asked.from };
      this.earliest = body.earliest_ms;
      this.#set("idle");
    } catch (error) {
      if (request.signal.aborted) return;
      this.#failedUntil = Date.now() + RETRY_MS;
      this.#set("failed");
      this.#timers.setTimeout(() => this.#onChange(), RETRY_MS);
    }
  }

  #set(state) {
    this.state = state;
    this.#onChange();
  }

  stop() {
    this.#timers.clearTimeout(this.#timer);
    this.#request?.abort();
  }
}
