// The buttons over the charts: range, zoom, follow, axes. What a gesture does, a button does too.

import { setText } from "../lib/dom.js";
import { isFollowing } from "../view/range.js";
import { number } from "../lib/format.js";

export function mountToolbar(root, { view, act }) {
  const ranges = [...root.querySelectorAll("[data-range]")];
  const follow = root.querySelector("[data-follow]");
  const back = root.querySelector("[data-back]");
  const fresh = root.querySelector("[data-new]");
  const axes = root.querySelector("[data-axes]");
  const legs = [...root.querySelectorAll("[data-candle-leg]")];

  function paint({ count, isMore }) {
    const state = view.get();
    const follows = isFollowing(state);
    for (const button of ranges) button.setAttribute("aria-pressed", follows && state.range === button.dataset.range);
    follow.setAttribute("aria-pressed", follows);
    back.hidden = follows;
    setText(fresh, count ? `${isMore ? "more than " : ""}${number(count, 0)} new` : "");
    axes.setAttribute("aria-pressed", state.axes === "rebased");
    for (const button of legs) button.setAttribute("aria-pressed", state.candles === button.dataset.candleLeg);
  }

  function click(event) {
    const { range, zoom, candleLeg } = event.target.closest("button")?.dataset ?? {};
    if (range) view.set({ range, from: null, to: null });
    if (zoom) act.zoom(Number(zoom));
    if (candleLeg) view.set({ candles: candleLeg });
    const button = event.target.closest("button");
    if (button === follow) act.follow();
    if (button === back) act.back();
    if (button === axes) view.set({ axes: view.get().axes === "two" ? "rebased" : "two" });
  }

  root.addEventListener("click", click);
  return { paint, unmount: () => root.removeEventListener("click", click) };
}
