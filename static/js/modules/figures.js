// The figures of the cards, from what the page knows. A figure is text, and a note that says more or why not.
// All are of closed bars, but the note of the z-score tells that of the forming bar, marked so.

import { UNKNOWN, decimalsOf, duration, number, pvalue, spreadDecimals } from "../lib/format.js";
import { isBarStale } from "../lib/clock.js";
import { formingZ } from "../lib/forming.js";
import { lowerBound } from "../live/columns.js";
import { priceFigure } from "./price_figure.js";

const SPARK_MS = 120_000;
const LEAST_BARS = 60;

export function figures({ store, prices, bars = {}, funding = {}, page, view = USUAL, now }) {
  const late = store.at !== null && isBarStale(now - store.at, page.step);
  const mark = (figure, column) => ({ ...figure, isStale: late, spark: column && spark(store, column, page.step) });
  const price = (leg) => priceFigure({ store: prices[leg], bars: bars[leg], funding: funding[leg], leg: page[leg], page, now });
  const price_y = price("y");
  const price_x = price("x");
  const isFresh = !late && !price_y.isStale && !price_x.isStale;
  const forming = isFresh ? formingZ(store.forming, prices.y.data?.price, prices.x.data?.price, page.prices) : null;
  const z = statistic(store, "z", (value) => number(value, 2, { sign: true }), (value) => bandWord(value, view));
  return {
    z: { ...mark({ ...z, note: `${z.note} · forming ${number(forming, 2, { sign: true })}` }, "z"), band: bandOf(store.now.z, view) },
    spread: mark(statistic(store, "spread", (s) => number(s, spreadDecimals(page.prices, page.y.tick, page.x.tick), { sign: true })), "spread"),
    beta: mark(statistic(store, "beta", (b) => number(b, 4), () => `α ${number(store.now.alpha, 4)}`), "beta"),
    corr: mark(statistic(store, "corr", (c) => number(c, 2, { sign: true })), "corr"),
    pvalue: mark(test(store, "engle_granger", (eg) => ({ text: pvalue(eg.pvalue), note: store.report.verdict?.word ?? "not known" }))),
    half_life: mark(test(store, "half_life", (life) => halfLife(life, page.step))),
    price_y: { ...price_y, spark: spark(store, "y", page.step) },
    price_x: { ...price_x, spark: spark(store, "x", page.step) },
  };
}

const USUAL = { entry: 2, exit: 0.5, stop: 4 };

// The last two minutes; of long bars the last sixty.
function spark(store, column, step) {
  const end = store.t.at(-1);
  if (end === undefined) return null;
  const from = lowerBound(store.t, end - Math.max(SPARK_MS, LEAST_BARS * step));
  return { key: `${store.seq}:${end}`, values: store[column].slice(from), times: store.t.slice(from) };
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

// Between exit and entry there is nothing to do; colour is never the only sign.
function bandWord(z, { entry, exit, stop }) {
  const side = z > 0 ? "▲" : "▼";
  const word = bandOf(z, { entry, exit, stop });
  if (word === "inside") return `● inside ±${exit}`;
  return word === "between" ? "between the bands" : `${side} ${word}, beyond ${z > 0 ? "+" : "−"}${word === "stop" ? stop : entry}`;
}

function bandOf(z, { entry, exit, stop }) {
  if (!Number.isFinite(z)) return "unknown";
  const far = Math.abs(z);
  if (far >= stop) return "stop";
  if (far >= entry) return "entry";
  return far <= exit ? "inside" : "between";
}

function halfLife(life, step) {
  if (!Number.isFinite(life.bars)) return { text: UNKNOWN, note: "not mean-reverting in this window" };
  return { text: duration((life.bars * step) / 1000), note: `${number(life.bars, 1)} bars` };
}
