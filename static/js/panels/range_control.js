// What buttons, keys and gestures do to the range. Data never change it.

import { chosen, countAfter, followed, held, isFollowing, panned, visible, zoomed, zoomView } from "../view/range.js";

export class RangeControl {
  #view;
  #stage;
  #onPause;
  #mark = null;

  constructor({ view, stage, onPause }) {
    this.#view = view;
    this.#stage = stage;
    this.#onPause = onPause;
  }

  // Around a time, or without one around the middle or the right end.
  zoom(factor, at = null) {
    this.#view.set(zoomView(this.#view.get(), this.#stage.extent(), factor, at));
  }

  // A stretch, first made longer by a factor around a time, then moved by ms.
  show(base, { factor = 1, at = base.from, by = 0 }) {
    const extent = this.#stage.extent();
    this.#view.set(panned(factor === 1 ? base : zoomed(base, factor, at, extent), by, extent));
  }

  // By parts of its length.
  shift(share) {
    const range = this.#stage.range();
    this.show(range, { by: share * (range.to - range.from) });
  }

  choose(one, other) {
    this.#view.set(chosen(one, other, this.#stage.extent()));
  }

  // Moved just so far that a time is in sight.
  reveal(time) {
    const range = this.#stage.range();
    if (time < range.from) this.show(range, { by: time - range.from });
    if (time > range.to) this.show(range, { by: time - range.to });
  }

  follow(preset) {
    this.#stage.pause(false);
    this.#view.set({ range: preset, from: null, to: null });
    this.#onPause();
  }

  reset() {
    this.follow(this.#view.defaults.range);
  }

  live() {
    this.#stage.pause(false);
    this.#view.set(followed(this.#view.get(), this.#stage.extent()));
    this.#onPause();
  }

  toggleFollow() {
    if (!this.#stage.isFollowing || this.#stage.isPaused) this.live();
    else this.#view.set(held(this.#view.get(), this.#stage.extent()));
  }

  togglePause() {
    this.#stage.pause(!this.#stage.isPaused);
    this.#onPause();
  }

  // Points that came since the reader stopped following.
  newer(times) {
    const view = this.#view.get();
    if (isFollowing(view) && !this.#stage.isPaused) {
      this.#mark = times.at(-1) ?? null;
      return { count: 0, isMore: false };
    }
    this.#mark ??= Math.min(times.at(-1) ?? 0, visible(view, this.#stage.extent()).to);
    return countAfter(times, this.#mark);
  }
}
