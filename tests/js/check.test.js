import assert from "node:assert/strict";
import { test } from "node:test";

import { TimeFormat } from "../../static/js/charts/time_axis.js";
import { checkFigures, rulesWords, tradeRows, whyNoCheck } from "../../static/js/modules/check_words.js";
import { basisWords, verdictWords } from "../../static/js/modules/report_words.js";

const time = new TimeFormat("UTC");
const rules = { entry: 2, exit: 0.5, fee_bps: 5, latency_ms: 500, gross: 10_000 };
const trade = { left_slot: 9, entered_ms: 1_000, left_ms: 5_000, side: 1, bars: 4, gross: 3, fees: 10, net: -7 };
const check = {
  n: 900, rules, round_trips: 7, net: -131.456, gross: 18.5, fees: 150, net_return: -0.01314, win_rate: 0.25,
  sharpe: null, trades: [trade], open_trade: null, reason: "", unknown: { sharpe: "not enough trades: 7 of 30" },
};

test("the rules are said in words", () => {
  assert.match(
    rulesWords(check),
    /^Over 900 bars: enter at \|z\| ≥ 2, leave at 0\.5, 5 bps a leg and trade, filled at the first bar that opens 2\.5 s after the signal's bar closed\./,
  );
});

test("figures are numbers or say why not", () => {
  const shown = checkFigures({ check });
  assert.deepEqual([shown.net.text, shown.fees.text, shown.win_rate.text], ["−131.46", "150.00", "25.00 %"]);
  const none = checkFigures({ check: { ...check, win_rate: null, unknown: { win_rate: "no round trip" } } });
  assert.deepEqual(none.win_rate, { text: "–", note: "no round trip" });
});

test("without a check each figure says why", () => {
  const none = { check: null, unknown: { check: "no z-score in 40 bars" } };
  assert.equal(whyNoCheck(none), "no z-score in 40 bars");
  for (const { text, note } of Object.values(checkFigures(none))) assert.deepEqual([text, note], ["–", "no z-score in 40 bars"]);
  assert.equal(whyNoCheck(null), "no report yet");
  assert.equal(whyNoCheck({ check: { reason: "no bars" } }), "no bars");
  assert.equal(whyNoCheck({ check }), "");
});

test("the newest trades come first, an open one on top, twenty at most", () => {
  const trades = Array.from({ length: 30 }, (_, index) => ({ ...trade, bars: index }));
  const open = { ...trade, left_slot: null, left_ms: null, side: -1, bars: 99 };
  const rows = tradeRows({ ...check, trades, open_trade: open }, time);
  assert.deepEqual([rows.length, rows[0][1], rows[0][2], rows[0][3], rows[1][3]], [20, "still open", "short spread", "99", "29"]);
  assert.deepEqual(rows[1].slice(2), ["long spread", "29", "+3.00", "10.00", "−7.00"]);
});

test("the verdict is a sentence, and nothing without one", () => {
  assert.equal(verdictWords({ verdict: { word: "undecided", sentence: "The tests do not agree." } }), "Undecided. The tests do not agree.");
  assert.deepEqual([verdictWords(null), verdictWords({})], ["", ""]);
});

test("a report says on which bars it stands", () => {
  const report = { n: 300, from: "1970-01-01T00:00:00Z", to: "1970-01-01T00:04:59Z", lags: "bic", as_of_ms: 300_000 };
  const [from, to, asOf] = [0, 299_000, 300_000].map((ms) => time.full(ms));
  assert.equal(basisWords(report, time), `300 bars from ${from} to ${to}, lags by BIC; made about every 10 s, this one as of ${asOf}.`);
  assert.equal(basisWords({ n: 40, from: null, to: null, lags: "1" }, time), "40 bars, 1 lag.");
  assert.match(basisWords({ ...report, basis: { direction: "AAA on BBB", prices: "raw" } }, time), /^AAA on BBB, raw prices: 300 bars/);
  assert.match(basisWords(null, time), /^No report yet/);
});
