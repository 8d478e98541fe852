// What the charts know and show now: the sources of all series, the visible range, the bar that forms.

import { edgeOf, isFollowing, visible } from "../view/range.js";
import { BarSource } from "./bar_source.js";
import { FormingTrail, formingPoint } from "./forming.js";
import { History } from "./history.js";
import { allRows, BAR_ROWS, ExactRows, ROW_COLUMNS } from "./rows.js";
import { fetchSeries, fetchTicks } from "./series_api.js";
import { SpecSource } from "./source.js";
import { TickSource } from "./tick_source.js";

const LEGS = ["y", "x"];
// Longer stretches of single trades are refused
const LONGEST_TICKS_MS = 6 * 3_600_000;

export class Stage {
  #page;
  #view;
  #clock;
  #sources;
  #histories = [];
  #exact;
  #trail = new FormingTrail();
  #held = null;

  // sources: {spec, bars: {y, x}, prices: {y, x}}; onChange: there is something new to draw.
  constructor({ page, view, clock, sources, onChange, api = { fetchSeries, fetchTicks } }) {
    this.#page = page;
    this.#view = view;
    this.#clock = clock;
    this.#sources = sources;
    const { step } = page;
    const of = (load, more = {}) => {
      const history = new History({ load, step, onChange, ...more });
      this.#histories.push(history);
      return history;
    };
    const seriesOf = (topic) => (asked) => api.fetchSeries(topic, asked);
    this.loadSpec = seriesOf(page.topic);
    this.#exact = new ExactRows({ load: this.loadSpec, step, onChange });
    this.source = new SpecSource({ store: sources.spec, history: of(this.loadSpec), exact: this.#exact, step });
    this.bars = Object.fromEntries(LEGS.map((leg) => [leg, new BarSource({ store: sources.bars[leg], history: of(seriesOf(page.bars[leg])), step })]));
    const ticksOf = (leg) => async (asked) => ({ ...(await api.fetchTicks(page[leg].instrument, asked)), earliest_ms: 0 });
    const tickHistory = (leg) => of(ticksOf(leg), { step: 1, longest: LONGEST_TICKS_MS });
    this.ticks = Object.fromEntries(LEGS.map((leg) => [leg, new TickSource({ history: tickHistory(leg) })]));
    this.seriesOf = seriesOf;
  }

  get isTick() {
    return this.#view.get().mode === "tick";
  }

  get isFollowing() {
    return isFollowing(this.#view.get());
  }

  get newest() {
    return this.source.newest;
  }

  // Paused: what follows stays where it is.
  get isPaused() {
    return this.#held !== null;
  }

  pause(isPaused) {
    this.#held = isPaused ? this.#edge() : null;
  }

  extent() {
    const { spec } = this.#sources;
    return { edge: this.#held ?? this.#edge(), first: spec.t[0] ?? null, earliest: this.source.earliest, step: this.#page.step };
  }

  range() {
    return visible(this.#view.get(), this.extent());
  }

  // Everything a panel is drawn from.
  scene({ isStale }) {
    const { prices, spec } = this.#sources;
    const { step, prices: space } = this.#page;
    const now = this.#clock.now();
    const forming = isStale || this.isPaused ? null : formingPoint({ forming: spec.forming, newest: this.newest, prices, space, now, step });
    if (this.isTick) this.#hear(forming);
    return {
      range: this.range(),
      view: this.#view.get(),
      source: this.source,
      bars: this.bars,
      ticks: this.isTick ? this.ticks : null,
      trail: this.isTick ? this.#trail : null,
      forming,
      report: spec.report,
      staleFrom: isStale && this.newest !== null ? this.newest + step : null,
      earliest: this.source.earliest,
    };
  }

  // Says what will be drawn, so that what misses is fetched.
  want(range, columns, keys) {
    const { candles } = this.#view.get();
    if (keys.some((key) => key !== "candles")) this.source.want(range, columns);
    if (keys.includes("candles")) this.bars[candles].want(range);
    if (this.isTick && keys.includes("prices")) for (const leg of LEGS) this.ticks[leg].want(range, columns);
  }

  // What stands at a time: closed bars, or the one that forms.
  at(time, { forming }) {
    const { newest } = this.source;
    if (forming && newest !== null && time > (newest + forming.t) / 2) {
      return { time: forming.t, values: { ...forming, corr: null }, gap: null, isExact: true, isForming: true };
    }
    const point = this.source.at(time, ROW_COLUMNS);
    if (!point || !this.isTick) return point;
    return { ...point, values: { ...point.values, y: this.ticks.y.at(time), x: this.ticks.x.at(time) } };
  }

  // Rows of a stretch at full resolution, of the series or of the bars.
  rows(panel, range) {
    const { step } = this.#page;
    const isCandles = panel.key === "candles";
    const leg = this.#view.get().candles;
    return allRows({
      store: isCandles ? this.#sources.bars[leg] : this.#sources.spec,
      load: isCandles ? this.seriesOf(this.#page.bars[leg]) : this.loadSpec,
      names: isCandles ? BAR_ROWS : panel.columns.map(({ column }) => column),
      step,
      range,
      onPart: range.onPart,
    });
  }

  // What the reader should know of older data.
  words(time) {
    const states = [this.source.state, ...(this.isTick ? LEGS.map((leg) => this.ticks[leg].state) : [])];
    const failed = states.find(({ name }) => name === "failed");
    if (failed) return failed.text;
    if (states.some(({ name }) => name === "loading")) return "Loading older data…";
    const { earliest } = this.source;
    return earliest !== null && this.range().from < earliest - this.#page.step ? `No data before ${time.full(earliest)}` : "";
  }

  stop() {
    this.#exact.stop();
    this.#histories.forEach((history) => history.stop());
  }

  #edge() {
    const now = this.#clock.now();
    return this.isTick ? Math.max(this.newest ?? 0, Math.floor(now / 1_000) * 1_000) : edgeOf({ last: this.newest, now, step: this.#page.step });
  }

  #hear(forming) {
    const { prices } = this.#sources;
    for (const leg of LEGS) this.ticks[leg].note(prices[leg]);
    this.#trail.note(forming, prices);
  }
}
