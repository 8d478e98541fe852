// The card of a leg: last price and its age; change over a day and trades of the last minute; funding and its countdown.

import { UNKNOWN, age, decimalsOf, duration, number } from "../lib/format.js";
import { isPriceStale } from "../lib/clock.js";
import { lowerBound } from "../live/columns.js";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// About a day is called a day; a page that stays open says how much longer it is by now
const NEARLY = 5 * MINUTE;
// Funding is polled each minute; what was told longer ago is not known any more
const FUNDING_LATE = 3 * MINUTE;
// Flag of a bar of which trades are known to miss
const GAP = 2;

export function priceFigure({ store, bars, funding, leg, page, now }) {
  const last = store.data;
  const extra = [rateWords(bars, page.step, now), fundingWords(funding?.data, now)].filter(Boolean).join(" · ");
  if (!Number.isFinite(last?.price)) return { text: UNKNOWN, note: "no trade seen yet", extra, isStale: false };
  const passed = now - last.ms;
  const late = isPriceStale(passed, page.step);
  const parts = [`${late ? "Stale, " : ""}${age(passed)} ago`, changeWords(last.price, leg.day, now)];
  return { text: number(last.price, decimalsOf(leg.tick)), note: parts.filter(Boolean).join(" · "), extra, isStale: late };
}

// Against the first price of the last day that is recorded; a younger one says how old it is.
function changeWords(price, day, now) {
  if (!day?.price) return "";
  const change = (price / day.price - 1) * 100;
  const arrow = change > 0 ? "▲" : change < 0 ? "▼" : "●";
  const since = now - day.at;
  return `${arrow} ${number(change, 2, { sign: true })} % in ${Math.abs(since - DAY) <= NEARLY ? "24 h" : largest(since)}`;
}

// "2 h", "35 min": one unit is enough beside a change.
function largest(ms) {
  return duration(ms >= HOUR ? Math.floor(ms / HOUR) * 3_600 : Math.floor(ms / MINUTE) * 60);
}

// Trades of the bars that closed in the last minute, or of the last closed bar where it is longer. Nothing where the
// bars begin later than that, or miss trades: a lower number would be a wrong one.
function rateWords(bars, step, now) {
  if (!bars?.t.length || !bars.n) return "";
  const long = Math.max(MINUTE, step);
  const closed = bars.t.at(-1) + step > now ? bars.t.length - 1 : bars.t.length;
  const start = Math.min(now, bars.t[closed - 1] + step) - long;
  const from = lowerBound(bars.t, start);
  const trades = bars.n.slice(from, closed).filter(Number.isFinite);
  if (!trades.length || bars.t[0] > start || now - bars.t[closed - 1] > 2 * long) return "";
  if (bars.f?.slice(from, closed).some((flags) => flags & GAP)) return "";
  return `${number((trades.reduce((sum, count) => sum + count, 0) * MINUTE) / long, 0)} trades/min`;
}

export function fundingWords(data, now) {
  if (!data) return "funding –";
  if (Number.isFinite(data.at) && now - data.at > FUNDING_LATE) return `funding – last heard ${age(now - data.at)} ago`;
  if (!Number.isFinite(data.rate)) return `funding – ${data.unknown?.rate ?? ""}`.trim();
  const rate = `funding ${number(data.rate * 100, 4, { sign: true })} %`;
  if (!Number.isFinite(data.next_ms)) return rate;
  const left = data.next_ms - now;
  return left > 0 ? `${rate} in ${duration(Math.ceil(left / 1_000))}` : `${rate}, due now`;
}
