// One crosshair for all charts: it follows the pointer or the keys, stays where it is locked, and is freed again.
// Only overlays move; no chart is drawn.

// charts(): the charts that are on screen; locate(time): {time, values, gap, isExact} or null; show(state): the read-out.
export class Crosshair {
  #charts;
  #locate;
  #show;
  #at = { mode: "latest", time: null, panel: null, x: 0, y: 0 };

  constructor({ charts, locate, show }) {
    this.#charts = charts;
    this.#locate = locate;
    this.#show = show;
  }

  get mode() {
    return this.#at.mode;
  }

  get time() {
    return this.#at.mode === "hover" ? this.#pointed() : this.#at.time;
  }

  get panel() {
    return this.#at.panel;
  }

  get isLocked() {
    return this.#at.mode === "locked";
  }

  hover(panel, x, y) {
    if (this.isLocked) return;
    this.#set({ mode: "hover", time: null, panel, x, y });
  }

  leave() {
    if (this.#at.mode === "hover") this.free();
  }

  // By key, to a time.
  move(time) {
    this.#set({ mode: this.isLocked ? "locked" : "key", time, panel: null, x: 0, y: 0 });
  }

  lockAt(panel, x, y) {
    this.hover(panel, x, y);
    this.lock();
  }

  // Where it stands, or at a time.
  lock(time = this.time) {
    if (time !== null) this.#set({ ...this.#at, mode: "locked", time });
  }

  toggleLock(fallback = null) {
    if (this.isLocked) this.free();
    else this.lock(this.time ?? fallback);
  }

  // False when there was nothing to free.
  free() {
    if (this.#at.mode === "latest") return false;
    this.#set({ mode: "latest", time: null, panel: null, x: 0, y: 0 });
    return true;
  }

  // After the charts were drawn: times stand elsewhere, values may have changed.
  place() {
    const { mode, panel, x, y } = this.#at;
    const { time } = this;
    const point = time === null ? null : this.#locate(time);
    for (const each of this.#charts()) {
      each.overlay.cross(point ? each.chart.pixelOf(point.time) : null);
      const isHovered = mode === "hover" && each === panel;
      each.overlay.level(isHovered ? y : null, isHovered ? each.valueText(y) : "");
    }
    this.#show({ mode, point, panel, x });
  }

  #set(at) {
    this.#at = at;
    this.place();
  }

  #pointed() {
    const { panel, x } = this.#at;
    return panel ? panel.chart.timeAt(x) : null;
  }
}
