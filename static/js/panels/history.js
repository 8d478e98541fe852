// What was before the buffer, fetched as a drawing of the visible range needs it: a wider stretch than is seen, kept for
// going back, given up when the range has moved on. Finer data are fetched as one zooms in.

const WAIT_MS = 120;
const RETRY_MS = 10_000;
const MOST_PIXELS = 4_000;
// Segments begin and end at multiples of so many pixels, and reach a quarter of the range beyond it
const GRAIN = 256;
const MARGIN = 0.25;
const KEPT = 12;

// load({from, to, pixels, signal}) answers with {earliest_ms, …}; the segment keeps that answer as `data`.
// `longest` is the longest stretch that one may ask for, in ms.
export class History {
  earliest = null;
  state = { name: "idle", text: "" };
  // Grows with every change of what there is to draw
  version = 0;
  #load;
  #step;
  #longest;
  #onChange;
  #timers;
  #segments = [];
  #need = null;
  #asked = null;
  #timer = null;
  #failed = null;

  constructor({ load, step, onChange, longest = Infinity, timers = globalThis }) {
    this.#load = load;
    this.#step = step;
    this.#longest = longest;
    this.#onChange = onChange;
    this.#timers = timers;
  }

  // The stretch [from, to] is seen at so many ms a pixel; the buffer knows all from `bufferFrom` to `bufferTo`.
  // Cheap when nothing has to be done: it is said for each picture.
  want({ from, to, bufferFrom, bufferTo, pixelMs }) {
    const start = Math.max(from, this.earliest ?? 0);
    const stop = Math.min(to, bufferFrom);
    const isKnown = this.earliest === Infinity || !(stop - start > 1.5 * this.#step);
    this.#need = isKnown ? null : { from: start, to: stop, pixelMs, bufferTo };
    if (this.#need) this.#need.finest = this.#request(this.#need).pixelMs;
    if (this.#need === null || this.#segments.some((segment) => this.#covers(segment, this.#need))) return this.#rest();
    if (this.#asked && !this.#covers(this.#asked, this.#need)) this.#giveUp();
    if (this.#asked || this.#timer !== null || this.#isRefused()) return undefined;
    this.#set("loading");
    this.#timer = this.#timers.setTimeout(() => this.#fetch(), WAIT_MS);
    return undefined;
  }

  // What to draw of the stretch that is wanted; null where nothing is known yet.
  get segment() {
    if (!this.#need) return null;
    const fitting = this.#segments.filter((segment) => this.#covers(segment, this.#need));
    // Of those that are fine enough the one with the fewest points; else what shows most of it
    if (fitting.length) return fitting.reduce((best, each) => (each.pixelMs > best.pixelMs ? each : best));
    const seen = this.#segments.filter((segment) => overlap(segment, this.#need) > 0);
    if (!seen.length) return null;
    return seen.reduce((best, each) => (rank(each, this.#need) > rank(best, this.#need) ? each : best));
  }

  stop() {
    this.#giveUp();
    this.#timers.clearTimeout(this.#failed?.timer);
    this.#failed = null;
  }

  #covers(segment, { from, to, pixelMs, finest }) {
    const isFine = segment.pixelMs <= Math.max(pixelMs, finest);
    return isFine && segment.from <= from && segment.to >= to - 1.5 * this.#step;
  }

  #rest() {
    this.#giveUp();
    if (this.state.name === "loading") this.#set("idle");
  }

  #giveUp() {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    this.#asked?.abort.abort();
    this.#asked = null;
  }

  // What was refused is asked for again when something else is needed, or later when the server was to blame.
  #isRefused() {
    const failed = this.#failed;
    return failed !== null && failed.from <= this.#need.from && failed.to >= this.#need.to && failed.pixelMs <= this.#need.pixelMs * 2;
  }

  async #fetch() {
    this.#timer = null;
    if (!this.#need) return;
    const asked = { ...this.#request(this.#need), abort: new AbortController() };
    this.#asked = asked;
    try {
      const data = await this.#load({ from: asked.from, to: asked.to, pixels: asked.pixels, signal: asked.abort.signal });
      if (this.#asked !== asked) return;
      this.#keep(asked, data);
    } catch (error) {
      if (this.#asked !== asked) return;
      this.#fail(asked, error);
    }
  }

  // A wider stretch than is needed, as fine as it is seen as far as the limits allow.
  #request({ from, to, pixelMs, bufferTo }) {
    const span = to - from;
    let pixel = this.#step * 2 ** Math.max(0, Math.floor(Math.log2(pixelMs / this.#step)));
    while (span / pixel > MOST_PIXELS - 2 * GRAIN) pixel *= 2;
    const grain = pixel * GRAIN;
    const room = ((MOST_PIXELS - 2 * GRAIN) * pixel - span) / 2;
    const margin = Math.max(0, Math.min(span * MARGIN, room));
    const start = Math.max(0, Math.floor((from - margin) / grain) * grain, Math.ceil(to - this.#longest));
    // Over the buffer: it moves on, and what is fetched must still meet it
    const end = Math.min(Math.ceil((to + margin) / grain) * grain, Math.max(bufferTo ?? Infinity, to), start + this.#longest);
    const stop = Math.max(start + 1, Math.ceil(end));
    return { from: start, to: stop, pixels: Math.max(1, Math.ceil((stop - start) / pixel)), pixelMs: pixel };
  }

  #keep({ from, to, pixelMs }, data) {
    this.#asked = null;
    this.#failed = null;
    this.earliest = data.earliest_ms ?? Infinity;
    this.#segments = [{ from, to, pixelMs, data }, ...this.#segments].slice(0, KEPT);
    this.#set("idle");
  }

  #fail(asked, { status = 0, message }) {
    this.#asked = null;
    const isPassing = status === 0 || status === 429 || status >= 500;
    const again = () => {
      this.#failed = null;
      this.#onChange();
    };
    this.#timers.clearTimeout(this.#failed?.timer);
    this.#failed = { ...asked, timer: isPassing ? this.#timers.setTimeout(again, RETRY_MS) : null };
    this.#set("failed", `Older data could not be loaded. ${message}${isPassing ? " Trying again by itself." : ""}`);
  }

  #set(name, text = "") {
    this.state = { name, text };
    this.version += 1;
    this.#onChange();
  }
}

function overlap(segment, { from, to }) {
  return Math.min(segment.to, to) - Math.max(segment.from, from);
}

function rank(segment, need) {
  return overlap(segment, need) - segment.pixelMs;
}
