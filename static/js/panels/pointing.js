// Pointers and keys on the charts: they move the crosshair and the range.

import { mountGestures } from "./gestures.js";
import { mountKeys } from "./keys.js";

export function mountPointing({ panels, stage, range, crosshair, readout, full, request }) {
  const ofTime = panels.filter(({ isOfTime }) => isOfTime);

  function step(by) {
    const { to } = stage.range();
    const start = Math.min(to, stage.newest ?? to);
    moveTo(crosshair.time === null ? start : stage.source.move(crosshair.time, by));
  }

  function end(isLast) {
    const { from, to } = stage.range();
    moveTo(isLast ? Math.min(to, stage.newest ?? to) : Math.max(from, stage.source.earliest ?? stage.source.bufferFrom));
  }

  function moveTo(at) {
    if (!Number.isFinite(at)) return;
    range.reveal(at);
    crosshair.move(at);
    request();
    readout.speak(readout.text);
  }

  function gesturesOf(panel) {
    const { box, chart } = panel;
    let base = stage.range();
    const msPerPixel = () => (base.to - base.from) / Math.max(1, chart.area.right - chart.area.left);
    return mountGestures(box, {
      hover: (x, y) => crosshair.hover(panel, x, y),
      leave: () => crosshair.leave(),
      begin: () => {
        base = stage.range();
      },
      pan: (dx) => range.show(base, { by: -dx * msPerPixel() }),
      pinch: (factor, x, dx) => range.show(base, { factor, at: base.from + (x - chart.area.left) * msPerPixel(), by: -dx * msPerPixel() * factor }),
      select: (one, other) => ofTime.forEach(({ overlay }) => overlay.choose(one, other)),
      choose: (one, other) => range.choose(chart.timeAt(one), chart.timeAt(other)),
      click(x, y) {
        if (crosshair.isLocked) crosshair.free();
        else crosshair.lockAt(panel, x, y);
        request();
      },
      press(x, y) {
        crosshair.free();
        crosshair.hover(panel, x, y);
      },
      release() {
        crosshair.lock();
        request();
      },
      wheel: (factor, x) => range.zoom(factor, chart.timeAt(x)),
      slide: (dx) => range.shift(dx / chart.width),
      reset: () => range.reset(),
      isWheelMine: () => document.activeElement === box || full.key !== null,
    });
  }

  function curveOf(panel) {
    const { box } = panel;
    const point = (event) => panel.pointAt(event.clientX - box.getBoundingClientRect().left);
    const listeners = [["pointermove", point], ["pointerdown", point], ["pointerleave", panel.leave], ["blur", panel.leave]];
    for (const [type, listener] of listeners) box.addEventListener(type, listener);
    const undo = mountKeys(box, { step: (by) => readout.speak(panel.step(by)), end: (isLast) => readout.speak(panel.end(isLast)) });
    return () => {
      undo();
      for (const [type, listener] of listeners) box.removeEventListener(type, listener);
    };
  }

  const keysOf = ({ box }) => mountKeys(box, { step, end, zoom: (factor) => range.zoom(factor, crosshair.time) });
  const undo = [...ofTime.flatMap((panel) => [gesturesOf(panel), keysOf(panel)]), ...panels.filter(({ isOfTime }) => !isOfTime).map(curveOf)];
  return { unmount: () => undo.forEach((undoing) => undoing()) };
}
