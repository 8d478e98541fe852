// What a pointer does on a chart: wheel zooms, drag pans, Shift-drag chooses a range, double click resets; on touch one
// finger sideways pans, two zoom, a long press shows the crosshair. Up and down the page scrolls as ever.

const STEP = 1.2;
const SLOP = 6;
const LONG_PRESS_MS = 400;

// act: {zoom(factor, x), pan(fromX, toX), choose(fromX, toX), reset(), point(x, y), leave(), lock(), isFocused()};
// x in pixels from the left edge of the box.
export function mountGestures(box, act, { timers = globalThis } = {}) {
  const pointers = new Map();
  const selection = box.querySelector("[data-selection]");
  let start = null;
  let mode = "idle";
  let press = null;

  const xOf = (event) => event.clientX - box.getBoundingClientRect().left;
  const yOf = (event) => event.clientY - box.getBoundingClientRect().top;

  function wheel(event) {
    if (!(event.ctrlKey || event.metaKey || act.isFocused())) return;
    event.preventDefault();
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) act.pan(event.deltaX, 0);
    else act.zoom(event.deltaY > 0 ? STEP : 1 / STEP, xOf(event));
  }

  function down(event) {
    if (event.button > 0) return;
    pointers.set(event.pointerId, xOf(event));
    timers.clearTimeout(press);
    if (pointers.size === 2) {
      mode = "pinch";
      start = { span: spread() };
      return;
    }
    start = { x: xOf(event), y: yOf(event), last: xOf(event) };
    mode = event.shiftKey ? "choose" : "wait";
    if (event.pointerType === "touch") press = timers.setTimeout(() => pointed(start), LONG_PRESS_MS);
  }

  function pointed({ x, y }) {
    if (mode !== "wait") return;
    mode = "point";
    act.point(x, y);
  }

  function move(event) {
    const x = xOf(event);
    if (pointers.has(event.pointerId)) pointers.set(event.pointerId, x);
    if (mode === "idle" || (mode === "wait" && !hasMoved(x))) {
      if (event.pointerType !== "touch") act.point(x, yOf(event));
    } else if (mode === "pinch") {
      pinch();
    } else if (mode === "point") {
      act.point(x, yOf(event));
    } else if (mode === "choose") {
      select(start.x, x);
    } else {
      pan(event, x);
    }
  }

  const hasMoved = (x) => Math.abs(x - start.x) > SLOP;

  function pan(event, x) {
    if (mode === "wait") {
      timers.clearTimeout(press);
      box.setPointerCapture?.(event.pointerId);
      mode = "pan";
      act.leave();
    }
    act.pan(start.last, x);
    start.last = x;
  }

  function spread() {
    const [one, other] = [...pointers.values()];
    return Math.max(1, Math.abs(one - other));
  }

  function pinch() {
    if (pointers.size < 2) return;
    const span = spread();
    const [one, other] = [...pointers.values()];
    act.zoom(start.span / span, (one + other) / 2);
    start.span = span;
  }

  function select(from, to) {
    selection.hidden = false;
    selection.style.transform = `translateX(${Math.min(from, to)}px)`;
    selection.style.width = `${Math.abs(to - from)}px`;
  }

  function up(event) {
    const x = xOf(event);
    timers.clearTimeout(press);
    if (mode === "choose" && hasMoved(x)) act.choose(start.x, x);
    if (mode === "wait" && event.type === "pointerup" && event.pointerType !== "touch") act.lock();
    if (mode === "point" && event.pointerType === "touch") act.leave();
    selection.hidden = true;
    pointers.delete(event.pointerId);
    mode = "idle";
    start = null;
  }

  function leave(event) {
    if (event.pointerType !== "touch" && mode !== "pan") act.leave();
  }

  // A finger that points or pinches must not scroll the page meanwhile
  function touch(event) {
    if (mode === "point" || mode === "pinch") event.preventDefault();
  }

  const listeners = [
    ["wheel", wheel, { passive: false }], ["pointerdown", down], ["pointermove", move], ["pointerup", up], ["pointercancel", up],
    ["pointerleave", leave], ["touchmove", touch, { passive: false }], ["dblclick", () => act.reset()],
  ];
  for (const [type, listener, options] of listeners) box.addEventListener(type, listener, options);
  return () => {
    timers.clearTimeout(press);
    for (const [type, listener, options] of listeners) box.removeEventListener(type, listener, options);
  };
}
