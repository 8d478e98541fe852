// What the reader chose to see: range, thresholds, axes, panels. Kept in the address of the page, never changed by data.

import { isFollowing } from "./range.js";

// How the parts of a view stand in an address
const PARTS = {
  range: String,
  from: iso,
  to: iso,
  entry: String,
  exit: String,
  stop: String,
  axes: String,
  candles: String,
  panels: (keys) => keys.join(","),
  mode: String,
};
const DEFAULTS = {
  range: "fit",
  from: null,
  to: null,
  entry: 2,
  exit: 0.5,
  stop: 4,
  axes: "two",
  candles: "y",
  panels: null,
  mode: "bars",
};
// Browsers refuse more than some 100 changes of the address in 30 s
const WRITE_AFTER_MS = 300;

export class ViewState {
  #page;
  #defaults;
  #view;
  #place;
  #timers;
  #timer = null;
  #listeners = new Set();

  // `place` is where the address is: the window.
  constructor(page, { place = globalThis.window, timers = globalThis } = {}) {
    this.#page = page;
    this.#place = place;
    this.#timers = timers;
    this.#defaults = frozen({ ...DEFAULTS, ...page.defaults });
    this.#view = frozen({ ...this.#defaults, ...page.view });
    place?.addEventListener?.("pagehide", this.#flush);
  }

  get() {
    return this.#view;
  }

  get defaults() {
    return this.#defaults;
  }

  set(patch) {
    const changed = Object.keys(patch).filter((name) => name in PARTS && !isSame(this.#view[name], patch[name]));
    if (!changed.length) return;
    this.#view = frozen({ ...this.#view, ...Object.fromEntries(changed.map((name) => [name, patch[name]])) });
    this.#timer ??= this.#timers.setTimeout(this.#flush, WRITE_AFTER_MS);
    for (const listener of [...this.#listeners]) listener(this.#view, changed);
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Parameters of the canonical link to this view.
  query(view = this.#view) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(this.#page.link?.params ?? {})) {
      if (value !== null && value !== undefined) query.set(name, value);
    }
    return this.#written(query, view);
  }

  // Absolute address of this view: with the range {from, to} it shows just that, else it follows now.
  link({ fixed = null } = {}) {
    const view = fixed ? { ...this.#view, from: fixed.from, to: fixed.to } : { ...this.#view, from: null, to: null };
    const path = this.#page.link?.path ?? this.#place.location.pathname;
    const query = this.#page.link ? this.query(view) : this.#written(this.#kept(), view);
    return new URL(path + text(query), this.#place.location.origin).href;
  }

  unmount() {
    this.#place?.removeEventListener?.("pagehide", this.#flush);
    this.#flush();
    this.#listeners.clear();
  }

  #flush = () => {
    if (this.#timer === null) return;
    this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    const { history, location } = this.#place;
    history.replaceState(history.state, "", location.pathname + text(this.#written(this.#kept(), this.#view)) + location.hash);
  };

  // Parameters of the address that are none of the view's.
  #kept() {
    return new URLSearchParams([...new URLSearchParams(this.#place.location.search)].filter(([name]) => !(name in PARTS)));
  }

  #written(query, view) {
    const isFixed = !isFollowing(view);
    for (const [name, write] of Object.entries(PARTS)) {
      query.delete(name);
      const isOfTime = name === "from" || name === "to";
      if (name === "range" && isFixed) continue;
      if (isOfTime ? isFixed : !isSame(view[name], this.#defaults[name])) query.set(name, write(view[name]));
    }
    return query;
  }
}

// Colons and commas need no escape in a query, and people read addresses.
function text(query) {
  const written = query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  return written && `?${written}`;
}

function iso(ms) {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}

function frozen(view) {
  return Object.freeze({ ...view, panels: view.panels && Object.freeze([...view.panels]) });
}

function isSame(one, other) {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
