// The quick check of a report in words: its rules, its figures, its trades.

import { UNKNOWN, number } from "../lib/format.js";
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

export function checkFigures(report) {
  const why = whyNoCheck(report);
  const check = why ? {} : report.check;
  const figure = (name, write, explain = () => "") =>
    Number.isFinite(check[name])
      ? { text: write(check[name]), note: explain() }
      : { text: UNKNOWN, note: why || check.unknown?.[name] || "not known" };
  return {
    net: figure("net", signed, () => `gross ${signed(check.gross)}`),
    fees: figure("fees", (fees) => number(fees, MONEY)),
    win_rate: figure("win_rate", (share) => `${number(share * 100, 2)} %`, () => "of round trips brought more than their fees"),
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

function signed(value) {
  return number(value, MONEY, { sign: true });
}

function moment(ms, time) {
  return Number.isFinite(ms) ? time.full(ms) : UNKNOWN;
}
