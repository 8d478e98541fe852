// The panels of a pair, each in its place of the page.

import { candlePanel } from "./candle_panel.js";
import { curvePanels } from "./curve_panels.js";
import { lineKinds } from "./definitions.js";
import { linePanel } from "./line_panel.js";

export function allPanels(place, context) {
  const elementOf = (key) => place.querySelector(`[data-panel="${key}"]`);
  return [
    ...lineKinds(context.page).map((kind) => linePanel(elementOf(kind.key), kind, context)),
    candlePanel(elementOf("candles"), context),
    ...curvePanels(place, context.page),
  ];
}

// Those that are on screen now; `onChange` after one came or went, or changed its size.
export function mountSight(panels, onChange) {
  const seen = new Set();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    onChange();
  });
  for (const { box, chart } of panels) {
    observer.observe(box);
    chart.whenResized(onChange);
  }
  return {
    get panels() {
      return panels.filter(({ box }) => seen.has(box));
    },
    unmount: () => observer.disconnect(),
  };
}
