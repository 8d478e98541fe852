// The quick check of a report in words: its rules, its figures, its trades.

import { UNKNOWN, number, quantity } from "../lib/format.js";
import { FINAL_AFTER_MS } from "../lib/clock.js";

const SHOWN_TRADES = 20;
const MONEY = 2;

// The reason why there is no check, or "".
export function whyNoCheck(report) {
  if (!report) return "no report yet";
  if (!report.check) return report.unknown?.check ?? "not in this report";
  return report.check.reason ?? "";
}

export function rulesWords({ rules, n }) {
  const wait = number((FINAL_AFTER_MS + rules.latency_ms) / 1000, 1);
  return (
    `Over ${number(n, 0)} bars: enter at |z| ≥ ${number(rules.entry, null)}, leave at ${number(rules.exit, null)}, ` +
    `${number(rules.fee_bps, null)} bps a leg and trade, filled at the first bar that opens ${wait} s after the signal's bar closed. ` +
    `Money in the currency of the prices, ${number(rules.gross, 0)} in both legs together.`
  );
}

export function checkFigures(report, step) {
  const why = whyNoCheck(report);
  const check = why ? {} : report.check;
  const figure = (name, write, explain = () => "") =>
    Number.isFinite(check[name])
      ? { text: write(check[name]), note: explain() }
      : { text: UNKNOWN, note: why || check.unknown?.[name] || "not known" };
  return {
    round_trips: figure("round_trips", (count) => number(count, 0), () => tripNote(check, step)),
    net: figure("net", signed, () => `${percent(check.net_return, true)} of both legs`),
    fees: figure("fees", (fees) => number(fees, MONEY), () => `gross ${signed(check.gross)}`),
    win_rate: figure("win_rate", (share) => percent(share), () => "round trips that brought more than their fees"),
    drawdown: figure("drawdown", (fall) => number(fall, MONEY), () => "from the highest equity"),
    sharpe: figure("sharpe", (ratio) => number(ratio, 2), () => "of days, × √365"),
  };
}

// The newest first, an open trade on top.
export function tradeRows(check, time) {
  const open = check.open_trade ? [check.open_trade] : [];
  return [...open, ...check.trades.toReversed()].slice(0, SHOWN_TRADES).map((trade) => [
    moment(trade.entered_ms, time),
    trade.left_slot === null ? "still open" : moment(trade.left_ms, time),
    trade.side > 0 ? "long spread" : "short spread",
    number(trade.bars, 0),
    signed(trade.gross),
    number(trade.fees, MONEY),
    signed(trade.net),
  ]);
}

function tripNote({ mean_bars: bars, missed }, step) {
  const held = Number.isFinite(bars) ? `held ${quantity(bars, { unit: "bars", decimals: 1 }, step)} on average` : "none was closed";
  return missed ? `${held}; ${number(missed, 0)} orders found no price` : held;
}

function signed(value) {
  return number(value, MONEY, { sign: true });
}

function percent(share, sign = false) {
  return `${number(share * 100, 2, { sign })} %`;
}

function moment(ms, time) {
  return Number.isFinite(ms) ? time.full(ms) : UNKNOWN;
}
