// What pointers do on a chart: hovering, dragging, Shift-dragging, a click; on touch one finger sideways, two fingers, a
// long press. Up and down the page scrolls as ever.

const SLOP = 6;
const LONG_PRESS_MS = 450;
// What one notch of a wheel does at most
const MOST_ZOOM = 1.25;

// act: {hover(x, y), leave(), begin(), pan(dx), pinch(factor, x, dx), select(x0, x1), choose(x0, x1), click(x, y), press(x, y), release()}.
// `begin` comes before pan and pinch, whose numbers are of the whole gesture. x and y in pixels of the box.
export class Gesture {
  #act;
  #timers;
  #pointers = new Map();
  #mode = "idle";
  #start = null;
  #press = null;

  constructor(act, { timers = globalThis } = {}) {
    this.#act = act;
    this.#timers = timers;
  }

  // A finger that points or pinches must not scroll the page meanwhile.
  get isHeld() {
    return this.#mode === "point" || this.#mode === "pinch";
  }

  get isBusy() {
    return this.#mode !== "idle";
  }

  down({ id, x, y, isTouch = false, isShift = false }) {
    this.#pointers.set(id, x);
    this.#timers.clearTimeout(this.#press);
    if (this.#pointers.size === 2) return this.#beginPinch();
    if (this.#pointers.size > 2) return undefined;
    this.#start = { id, x, y, isTouch };
    this.#mode = isShift ? "choose" : "wait";
    if (isTouch) this.#press = this.#timers.setTimeout(() => this.#longPress(), LONG_PRESS_MS);
    return undefined;
  }

  move({ id, x, y, isTouch = false }) {
    if (this.#pointers.has(id)) this.#pointers.set(id, x);
    if (this.#mode === "idle") return isTouch ? undefined : this.#act.hover(x, y);
    if (this.#mode === "pinch") return this.#pinch();
    if (id !== this.#start?.id) return undefined;
    if (this.#mode === "point") return this.#act.hover(x, y);
    if (this.#mode === "choose") return this.#act.select(this.#start.x, x);
    if (this.#mode === "wait" && Math.abs(x - this.#start.x) > SLOP) this.#beginPan();
    if (this.#mode === "pan") return this.#act.pan(x - this.#start.x);
    return undefined;
  }

  up({ id, x, y }) {
    const [mode, start] = [this.#mode, this.#start];
    this.#end(id);
    if (id !== start?.id && mode !== "pinch") return;
    if (mode === "wait") this.#act.click(x, y);
    if (mode === "point") this.#act.release();
    if (mode === "choose") {
      this.#act.select(null, null);
      if (Math.abs(x - start.x) > SLOP) this.#act.choose(start.x, x);
    }
  }

  // The browser took the pointer, to scroll.
  cancel({ id }) {
    if (this.#mode === "choose") this.#act.select(null, null);
    this.#end(id);
  }

  stop() {
    this.#timers.clearTimeout(this.#press);
  }

  #beginPan() {
    this.#timers.clearTimeout(this.#press);
    this.#mode = "pan";
    this.#act.begin();
  }

  #longPress() {
    if (this.#mode !== "wait") return;
    this.#mode = "point";
    this.#act.press(this.#start.x, this.#start.y);
  }

  #beginPinch() {
    this.#mode = "pinch";
    this.#start = { ...this.#fingers(), id: null };
    this.#act.begin();
  }

  #pinch() {
    if (this.#pointers.size < 2) return;
    const { apart, middle } = this.#fingers();
    this.#act.pinch(this.#start.apart / apart, this.#start.middle, middle - this.#start.middle);
  }

  #fingers() {
    const [one, other] = [...this.#pointers.values()];
    return { apart: Math.max(10, Math.abs(one - other)), middle: (one + other) / 2 };
  }

  // Until all fingers are up nothing new begins.
  #end(id) {
    this.#timers.clearTimeout(this.#press);
    this.#pointers.delete(id);
    this.#mode = this.#pointers.size ? "over" : "idle";
    if (!this.#pointers.size) this.#start = null;
  }
}

// How much longer the range gets by a turn of the wheel.
export function wheelFactor({ deltaY, deltaMode = 0, ctrlKey = false }) {
  const pixels = deltaMode === 1 ? deltaY * 16 : deltaMode === 2 ? deltaY * 100 : deltaY;
  // Pinching a touch pad comes as a wheel with Ctrl and small numbers
  const factor = Math.exp(pixels * (ctrlKey ? 0.01 : 0.002));
  return Math.min(MOST_ZOOM, Math.max(1 / MOST_ZOOM, factor));
}

// act as above, and {wheel(factor, x), slide(dx), reset(), isWheelMine()}.
export function mountGestures(box, act) {
  const gesture = new Gesture(act);
  const at = (event) => {
    const { left, top } = box.getBoundingClientRect();
    return { id: event.pointerId, x: event.clientX - left, y: event.clientY - top, isTouch: event.pointerType === "touch", isShift: event.shiftKey };
  };

  function wheel(event) {
    if (!(event.ctrlKey || event.metaKey || act.isWheelMine())) return;
    event.preventDefault();
    const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (isSideways) act.slide(event.deltaX);
    else act.wheel(wheelFactor(event), at(event).x);
  }
  function down(event) {
    if (event.button > 0 || event.target.closest("button, a")) return;
    gesture.down(at(event));
  }
  function move(event) {
    gesture.move(at(event));
    // Captured only now, so that a click stays a click
    if (gesture.isBusy && !box.hasPointerCapture?.(event.pointerId) && event.buttons) box.setPointerCapture?.(event.pointerId);
  }
  function leave(event) {
    if (event.pointerType !== "touch" && !gesture.isBusy) act.leave();
  }
  const listeners = [
    ["wheel", wheel, { passive: false }],
    ["pointerdown", down],
    ["pointermove", move],
    ["pointerup", (event) => gesture.up(at(event))],
    ["pointercancel", (event) => gesture.cancel(at(event))],
    ["pointerleave", leave],
    ["touchmove", (event) => gesture.isHeld && event.cancelable && event.preventDefault(), { passive: false }],
    ["contextmenu", (event) => gesture.isHeld && event.preventDefault()],
    ["dblclick", () => act.reset()],
  ];
  for (const [type, listener, options] of listeners) box.addEventListener(type, listener, options);
  return () => {
    gesture.stop();
    for (const [type, listener, options] of listeners) box.removeEventListener(type, listener, options);
  };
}
