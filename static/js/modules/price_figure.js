// The card of a leg: last price and its age; change over a day and trades of the last minute; funding and its countdown.

import { UNKNOWN, age, decimalsOf, duration, number } from "../lib/format.js";
import { isStale } from "../lib/clock.js";
import { lowerBound } from "../live/store.js";

// A trade stands for the price for a minute at most, whatever the width of a bar
const LONGEST_PRICE_INTERVAL = 20_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function priceFigure({ store, bars, funding, leg, page, now }) {
  const last = store.data;
  const extra = [rateWords(bars, page.step, now), fundingWords(funding?.data, now)].filter(Boolean).join(" · ");
  if (!Number.isFinite(last?.price)) return { text: UNKNOWN, note: "no trade seen yet", extra, isStale: false };
  const passed = now - last.ms;
  const late = isStale(passed, Math.min(page.step, LONGEST_PRICE_INTERVAL));
  const parts = [`${late ? "Stale, " : ""}${age(passed)} ago`, changeWords(last.price, leg.day, now)];
  return { text: number(last.price, decimalsOf(leg.tick)), note: parts.filter(Boolean).join(" · "), extra, isStale: late };
}

// Against the first price of the last day that is recorded; a younger one says how old it is.
function changeWords(price, day, now) {
  if (!day?.price) return "";
  const change = (price / day.price - 1) * 100;
  const arrow = change > 0 ? "▲" : change < 0 ? "▼" : "●";
  const since = now - day.at;
  return `${arrow} ${number(change, 2, { sign: true })} % in ${since > DAY - HOUR ? "24 h" : largest(since)}`;
}

// "2 h", "35 min": one unit is enough beside a change.
function largest(ms) {
  return duration(ms >= HOUR ? Math.floor(ms / HOUR) * 3_600 : Math.floor(ms / MINUTE) * 60);
}

// Trades of the bars that closed in the last minute, or of the last closed bar where it is longer.
function rateWords(bars, step, now) {
  if (!bars?.t.length || !bars.n) return "";
  const long = Math.max(MINUTE, step);
  const closed = bars.t.at(-1) + step > now ? bars.t.length - 1 : bars.t.length;
  const from = lowerBound(bars.t, Math.min(now, bars.t[closed - 1] + step) - long);
  const trades = bars.n.slice(from, closed).filter(Number.isFinite);
  if (!trades.length || now - bars.t[closed - 1] > 2 * long) return "";
  return `${number((trades.reduce((sum, count) => sum + count, 0) * MINUTE) / long, 0)} trades/min`;
}

export function fundingWords(data, now) {
  if (!data) return "funding –";
  if (!Number.isFinite(data.rate)) return `funding – ${data.unknown?.rate ?? ""}`.trim();
  const rate = `funding ${number(data.rate * 100, 4, { sign: true })} %`;
  if (!Number.isFinite(data.next_ms)) return rate;
  const left = data.next_ms - now;
  return left > 0 ? `${rate} in ${duration(Math.ceil(left / 1_000))}` : `${rate}, due now`;
}
