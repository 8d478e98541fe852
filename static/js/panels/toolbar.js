// The buttons over the charts: what a gesture or a key does, a button does too.

import { setText } from "../lib/dom.js";
import { number } from "../lib/format.js";
import { isFollowing } from "../view/range.js";

export function mountToolbar(root) {
  const all = (selector) => [...root.querySelectorAll(selector)];
  const pressed = (buttons, isOn) => {
    for (const button of buttons) {
      const value = String(Boolean(isOn(button)));
      if (button.getAttribute("aria-pressed") !== value) button.setAttribute("aria-pressed", value);
    }
  };
  const [ranges, axes, legs] = ["[data-range]", "[data-act=axes]", "[data-candle-leg]"].map(all);
  const [follow, pause, lock] = ["follow", "pause", "lock"].map((name) => all(`[data-act="${name}"]`));
  const back = root.querySelector('[data-act="live"]');
  const fresh = root.querySelector("[data-new]");
  const words = root.querySelector("[data-range-words]");
  const history = root.querySelector("[data-history]");

  return {
    // view; {count, isMore} of new points; what the range is in words; what the history does in words.
    paint({ view, newer, isPaused, isLocked, rangeWords, historyWords }) {
      const follows = isFollowing(view);
      pressed(ranges, ({ dataset }) => follows && view.range === dataset.range);
      pressed(axes, () => view.axes === "rebased");
      pressed(legs, ({ dataset }) => view.candles === dataset.candleLeg);
      pressed(follow, () => follows && !isPaused);
      pressed(pause, () => isPaused);
      pressed(lock, () => isLocked);
      if (back.hidden !== (follows && !isPaused)) back.hidden = follows && !isPaused;
      setText(fresh, newer.count ? `${isPaused ? "paused, " : ""}${number(newer.count, 0)}${newer.isMore ? "+" : ""} new` : isPaused ? "paused" : "");
      setText(words, rangeWords);
      setText(history, historyWords);
    },
  };
}
