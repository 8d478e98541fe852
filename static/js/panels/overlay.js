// What lies over one chart and moves without drawing it: crosshair, value beside it, a chosen stretch, a short note.

import { make, setText } from "../lib/dom.js";

// box: the element around the canvas; area(): where the chart draws, in pixels of the box.
export function mountOverlay(box, area) {
  const plot = make("div", { className: "plot", attributes: { "aria-hidden": "true" } });
  const part = (className) => {
    const element = make("div", { className, attributes: { hidden: "" } });
    plot.append(element);
    return element;
  };
  const [across, level, chosen, tip] = ["crosshair", "crosslevel", "selection", "chart-tip"].map(part);
  const tag = make("span", { className: "crosslevel-tag" });
  level.append(tag);
  box.append(plot);
  let fitted = {};

  // Where the chart draws may move with its axes.
  function fit() {
    const { left, right, top, bottom } = area();
    if (fitted.left === left && fitted.right === right && fitted.top === top && fitted.bottom === bottom) return;
    fitted = { left, right, top, bottom };
    Object.assign(plot.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  }

  function place(element, isShown, transform) {
    if (element.hidden === isShown) element.hidden = !isShown;
    if (isShown) element.style.transform = transform;
  }

  const isInside = (x) => x !== null && x >= fitted.left - 1 && x <= fitted.right + 1;

  return {
    fit,
    // x and y in pixels of the box, null for no line.
    cross(x) {
      place(across, isInside(x), `translateX(${Math.round(x - fitted.left)}px)`);
    },
    level(y, text = "") {
      const isShown = y !== null && y >= fitted.top && y <= fitted.bottom;
      place(level, isShown, `translateY(${Math.round(y - fitted.top)}px)`);
      if (isShown) setText(tag, text);
    },
    choose(one, other) {
      const isShown = one !== null;
      place(chosen, isShown, `translateX(${Math.min(one, other) - fitted.left}px)`);
      if (isShown) chosen.style.width = `${Math.abs(other - one)}px`;
    },
    tip(text, x = 0) {
      const middle = (fitted.right - fitted.left) / 2;
      const side = x - fitted.left > middle ? "translateX(calc(-100% - 8px))" : "translateX(8px)";
      place(tip, Boolean(text), `translateX(${Math.round(x - fitted.left)}px) ${side}`);
      if (text) setText(tip, text);
    },
    unmount: () => plot.remove(),
  };
}
