// The figures of the cards, from what the page knows. A figure is text, and a note that says more or why not.
// All are of closed bars, but the note of the z-score tells that of the forming bar, marked so.

import { UNKNOWN, age, decimalsOf, duration, number, pvalue, spreadDecimals } from "../lib/format.js";
import { isBarStale, isStale } from "../lib/clock.js";
import { formingZ } from "../lib/forming.js";

const INNER = 0.5;
const OUTER = 2;
// A trade stands for the price for a minute at most, whatever the width of a bar
const LONGEST_PRICE_INTERVAL = 20_000;

export function figures({ store, prices, page, now }) {
  const late = store.at !== null && isBarStale(now - store.at, page.step);
  const mark = (figure) => ({ ...figure, isStale: late });
  const price_y = price(prices.y, page.y.tick, now, page.step);
  const price_x = price(prices.x, page.x.tick, now, page.step);
  const isFresh = !late && !price_y.isStale && !price_x.isStale;
  const forming = isFresh ? formingZ(store.forming, prices.y.data?.price, prices.x.data?.price, page.prices) : null;
  const z = statistic(store, "z", (value) => number(value, 2, { sign: true }), bandWord);
  return {
    z: mark({ ...z, note: `${z.note} · forming ${number(forming, 2, { sign: true })}` }),
    spread: mark(statistic(store, "spread", (s) => number(s, spreadDecimals(page.prices, page.y.tick, page.x.tick), { sign: true }))),
    beta: mark(statistic(store, "beta", (b) => number(b, 4), () => `α ${number(store.now.alpha, 4)}`)),
    corr: mark(statistic(store, "corr", (c) => number(c, 2, { sign: true }))),
    pvalue: mark(test(store, "engle_granger", (eg) => ({ text: pvalue(eg.pvalue), note: store.report.verdict?.word ?? "not known" }))),
    half_life: mark(test(store, "half_life", (life) => halfLife(life, page.step))),
    price_y,
    price_x,
  };
}

function statistic(store, name, write, explain = () => "") {
  const value = store.now[name];
  const reason = store.unknown[name];
  if (!Number.isFinite(value)) return { text: UNKNOWN, note: reason ?? missing(store) };
  return { text: write(value), note: reason ?? explain(value) };
}

function test(store, name, explain) {
  const reason = store.report?.unknown?.[name] ?? store.report?.unknown?.[`${name}.pvalue`];
  const result = store.report?.[name];
  if (!store.report) return { text: UNKNOWN, note: missing(store, "no report yet") };
  if (!result) return { text: UNKNOWN, note: reason ?? "not known" };
  const figure = explain(result);
  return figure.text === UNKNOWN && reason ? { ...figure, note: reason } : figure;
}

function missing(store, otherwise = "not known") {
  return store.t.length ? otherwise : "waiting for bars";
}

function bandWord(z) {
  if (Math.abs(z) >= OUTER) return z > 0 ? "▲ beyond +2" : "▼ beyond −2";
  return Math.abs(z) <= INNER ? "● inside ±0.5" : "between the bands";
}

function halfLife(life, step) {
  if (!Number.isFinite(life.bars)) return { text: UNKNOWN, note: "not mean-reverting in this window" };
  return { text: duration((life.bars * step) / 1000), note: `${number(life.bars, 1)} bars` };
}

function price(store, tick, now, step) {
  const last = store.data;
  if (!Number.isFinite(last?.price)) return { text: UNKNOWN, note: "no trade seen yet", isStale: false };
  const passed = now - last.ms;
  const late = isStale(passed, Math.min(step, LONGEST_PRICE_INTERVAL));
  return { text: number(last.price, decimalsOf(tick)), note: `${late ? "Stale, " : ""}${age(passed)} ago`, isStale: late };
}
