// Paints what is on screen, and only what would look different; describes it in words from time to time.

const DESCRIBE_EVERY_MS = 30_000;
// After the reader changed what is seen, when it rests
const DESCRIBE_AFTER_MS = 400;

export class Painting {
  // What the reader should know of older data
  words = "";
  #panels;
  #sight;
  #stage;
  #clock;
  #onDue;
  #stamps = new Map();
  #style = 0;
  #describedAt = -Infinity;
  #told = "";
  #rest = null;

  constructor({ panels, sight, stage, clock, onDue }) {
    this.#panels = panels;
    this.#sight = sight;
    this.#stage = stage;
    this.#clock = clock;
    this.#onDue = onDue;
  }

  paint(scene, { time }) {
    const shown = this.#sight.panels;
    const first = shown.find(({ isOfTime }) => isOfTime);
    const wanted = this.#panels.filter(({ element }) => !element.hidden).map(({ key }) => key);
    if (first) this.#stage.want(scene.range, first.chart.width, wanted);
    for (const panel of shown) this.#draw(panel, scene);
    for (const panel of this.#panels) panel.showEmpty(scene);
    this.words = this.#stage.words(time);
    // What was fetched belongs to what is described
    if (this.words !== this.#told) this.#describedAt = -Infinity;
    this.#told = this.words;
    this.#describe(scene);
  }

  // The reader changed what is seen.
  changed() {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#describedAt = -Infinity;
      this.#onDue();
    }, DESCRIBE_AFTER_MS);
  }

  restyle() {
    for (const { chart } of this.#panels) chart.restyle();
    this.#style += 1;
    this.#onDue();
  }

  stop() {
    clearTimeout(this.#rest);
  }

  #draw(panel, scene) {
    const { range: { from, to }, view, staleFrom, earliest } = scene;
    const ofTime = panel.isOfTime ? [from, to, view.axes, view.entry, view.exit, view.stop, staleFrom, earliest] : [];
    const stamp = [this.#style, panel.chart.width, ...ofTime, ...panel.stamp(scene)].join();
    if (this.#stamps.get(panel) === stamp) return;
    panel.draw(scene);
    this.#stamps.set(panel, stamp);
    panel.canvas.dataset.last = panel.newest(scene) ?? "";
  }

  #describe(scene) {
    const now = this.#clock.now();
    if (now - this.#describedAt < DESCRIBE_EVERY_MS || this.#stage.newest === null) return;
    this.#describedAt = now;
    for (const panel of this.#panels) panel.canvas.setAttribute("aria-label", panel.describe(scene));
  }
}
