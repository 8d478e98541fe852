// What the charts draw now: the range, the lines of each panel for it, and the figures at a time.

import { gapAt, mergeBars } from "../charts/sample.js";
import { formingZ } from "../lib/forming.js";
import { age } from "../lib/format.js";
import { edgeOf, isFollowing, visible } from "../view/range.js";
import { formingPoints, linePoints, rebased, valueAt } from "./lines.js";

const CANDLES = 300;
const NOT_KNOWN = { t: [], v: [] };

export class Scene {
  // sources: {spec, bars: {y, x}, prices, ticks}; history: {spec: History, y: History, x: History}
  constructor({ page, view, sources, history, clock }) {
    Object.assign(this, { page, view, sources, history, clock });
  }

  extent() {
    const { t } = this.sources.spec;
    const { step } = this.page;
    return { edge: edgeOf({ last: t.at(-1), now: this.clock.now(), step }), first: t[0] ?? null, earliest: this.history.spec.earliest, step };
  }

  range() {
    return { ...visible(this.view.get(), this.extent()), step: this.page.step };
  }

  get isFollowing() {
    return isFollowing(this.view.get());
  }

  older(name) {
    return this.history.spec.column(name, this.sources.spec.t[0] ?? null);
  }

  lines({ key, series, isCandles }, range, columns) {
    if (isCandles) return {};
    const { spec, ticks } = this.sources;
    const asked = { ...range, columns };
    if (key === "prices" && ticks) return this.#rebase(ticks.lines(asked), range);
    const lines = Object.fromEntries(series.filter(({ isHelper }) => !isHelper).map(({ key: name }) => [name, linePoints(spec, name, this.older(name), asked)]));
    if (key === "prices") return this.#rebase(lines, range);
    if (key === "zscore") lines.z_forming = formingPoints(spec, "z", this.formingZ(), range.to);
    if (key === "spread") lines.spread_forming = formingPoints(spec, "spread", this.#formingSpread(), range.to);
    return lines;
  }

  #rebase(lines, { from }) {
    if (this.view.get().axes !== "rebased") return lines;
    return { y: rebased(lines.y, from), x: [], x_rebased: rebased(lines.x, from) };
  }

  formingZ() {
    const { spec, prices } = this.sources;
    return formingZ(spec.forming, prices.y.data?.price, prices.x.data?.price, this.page.prices);
  }

  #formingSpread() {
    const z = this.formingZ();
    const { mean, std } = this.sources.spec.forming ?? {};
    return z === null ? null : mean + z * std;
  }

  candles(range) {
    const leg = this.view.get().candles;
    const store = this.sources.bars[leg];
    const older = this.history[leg].piece;
    const newer = store?.t.length ? mergeBars(store, { ...range, most: CANDLES }) : { bars: [], width: this.page.step };
    if (!older || (store?.t.length && range.from >= store.t[0])) return newer;
    const { points, width_ms: width } = older;
    const rows = points.t.map((t, index) => ({ t, o: points.o[index], h: points.h[index], l: points.l[index], c: points.c[index], v: points.v[index], isOpen: false }));
    const wide = store?.t.length ? mergeBars(store, { ...range, most: (range.to - range.from) / width }) : newer;
    const first = wide.bars[0]?.t ?? Infinity;
    return { bars: [...rows.filter(({ t }) => t < first && t >= range.from - width), ...wide.bars], width };
  }

  // The point next to a time, in words for the read-out row, from the full data.
  describe(time, panels, format) {
    const { spec, bars } = this.sources;
    const at = valueAt(spec, "y", this.older("y"), time)?.time ?? time;
    const figures = panels.flatMap(({ series }) => series).filter(({ isHelper }) => !isHelper);
    const words = figures.map(({ key, label, write }) => `${label} ${write(valueAt(spec, key, this.older(key), time)?.value ?? NaN)}`);
    const leg = this.view.get().candles;
    const index = bars[leg]?.indexAt(time) ?? -1;
    if (index >= 0) words.push(this.#bar(bars[leg], index, panels.find(({ key }) => key === "prices").series.find(({ key }) => key === leg)));
    const gap = gapAt(spec.t, spec.y, time, this.page.step);
    if (gap) words.push(`no data ${format.clock(gap.from)}–${format.clock(gap.to)}`);
    return { time: at, words: [format.full(at), ...words].join(" · ") };
  }

  #bar(store, index, { write }) {
    const [o, h, l, c] = ["o", "h", "l", "c"].map((name) => write(store[name][index]));
    return `O ${o} H ${h} L ${l} C ${c}`;
  }

  // Columns of a panel inside the range, for tables and files: [{name, values, write}], times first.
  columns({ key, series, isCandles }, { from, to }, write) {
    if (isCandles) return this.#candleColumns(from, to, write);
    const { spec } = this.sources;
    const rows = spec.t.map((t, index) => index).filter((index) => spec.t[index] >= from && spec.t[index] <= to);
    const own = series.filter(({ isHelper }) => !isHelper);
    return [
      { name: "time", values: rows.map((index) => spec.t[index]), write },
      ...own.map(({ key: name, label, write: text }) => ({ name: label, values: rows.map((index) => spec[name][index]), write: text })),
    ];
  }

  #candleColumns(from, to, write) {
    const leg = this.view.get().candles;
    const store = this.sources.bars[leg] ?? { ...NOT_KNOWN, o: [], h: [], l: [], c: [] };
    const rows = store.t.map((t, index) => index).filter((index) => store.t[index] >= from && store.t[index] <= to);
    const names = { o: "open", h: "high", l: "low", c: "close", v: "volume" };
    return [
      { name: "time", values: rows.map((index) => store.t[index]), write },
      ...Object.entries(names).map(([column, name]) => ({ name, values: rows.map((index) => store[column][index]), write: String })),
    ];
  }

  ageOf(at) {
    return age(this.clock.now() - at);
  }
}
