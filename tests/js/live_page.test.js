import assert from "node:assert/strict";
import { test } from "node:test";

import { TimeFormat } from "../../static/js/charts/time_axis.js";
import { PostError, post } from "../../static/js/lib/post.js";
import { mountWake } from "../../static/js/live/wake.js";
import { Health } from "../../static/js/modules/health.js";
import { legTrouble } from "../../static/js/modules/legs.js";
import { opened } from "../../static/js/modules/opening.js";
import { suggestedWindow } from "../../static/js/modules/suggestion.js";
import { fundingWords, priceFigure } from "../../static/js/modules/price_figure.js";

const HOUR = 3_600_000;
const page = { step: 1_000 };
const leg = { symbol: "AAA", instrument: "v:AAA", tick: "0.10", day: { price: 100, at: 1_000_000 } };
const at = 1_000_000 + 24 * HOUR;

function figure(more = {}) {
  return priceFigure({ store: { data: { price: 99, ms: at - 2_000 } }, leg, page, now: at, ...more });
}

test("a price tells its age and its change over a day, with sign and shape", () => {
  assert.deepEqual([figure().text, figure().note], ["99.0", "2 s ago · ▼ −1.00 % in 24 h"]);
});

test("a change over less than a day says over what", () => {
  const young = { ...leg, day: { price: 99, at: at - HOUR / 2 } };
  assert.equal(figure({ leg: young }).note, "2 s ago · ● 0.00 % in 30 min");
});

test("on a page that stays open the change says its true length", () => {
  assert.match(figure({ store: { data: { price: 99, ms: at } }, now: at + 2 * HOUR }).note, /−1\.00 % in 1 d 2 h$/);
});

test("an old price is called stale", () => {
  const old = figure({ store: { data: { price: 99, ms: at - 9_000 } } });
  assert.equal(old.isStale, true);
  assert.match(old.note, /^Stale, 9 s ago/);
});

test("trades a minute are counted from closed bars only", () => {
  const bars = { t: [at - 62_000, at - 3_000, at - 2_000, at - 500], n: [90, 7, 5, 1_000] };
  assert.match(figure({ bars }).extra, /^12 trades\/min · funding/);
  const minutes = { t: [at - 90_000, at - 30_000], n: [240, 3] };
  assert.match(figure({ bars: minutes, page: { step: 60_000 } }).extra, /^240 trades\/min/);
});

test("a rate of trades is not told where trades are known to miss, or the bars began later", () => {
  const t = [at - 62_000, at - 3_000, at - 2_000];
  assert.doesNotMatch(figure({ bars: { t, n: [90, 7, 5], f: [1, 3, 1] } }).extra, /trades/);
  assert.match(figure({ bars: { t, n: [90, 7, 5], f: [3, 1, 1] } }).extra, /^12 trades/);
  assert.doesNotMatch(figure({ bars: { t: t.slice(1), n: [7, 5] } }).extra, /trades/);
});

test("without a fresh bar there is no rate of trades", () => {
  assert.doesNotMatch(figure({ bars: { t: [at - HOUR], n: [5] } }).extra, /trades/);
});

test("funding has its rate and counts down", () => {
  assert.equal(fundingWords({ rate: 0.0001, next_ms: 11_520_000 }, 0), "funding +0.0100 % in 3 h 12 min");
  assert.equal(fundingWords({ rate: -0.0001, next_ms: 1 }, 2), "funding −0.0100 %, due now");
  assert.equal(fundingWords({ rate: null, unknown: { rate: "not told for 5 min" } }, 0), "funding – not told for 5 min");
  assert.equal(fundingWords(undefined, 0), "funding –");
  assert.equal(fundingWords({ rate: 0.0001, next_ms: 11_520_000, at: 1 }, 300_001), "funding – last heard 5 min ago");
});

const legs = { y: leg, x: { symbol: "BBB", instrument: "v:BBB" } };

test("a halted leg is named with its reason and its last trade", () => {
  const feed = { symbols: [{ name: "v:AAA", state: "halted", reason: "the exchange says BREAK", last_trade_ms: 0 }, { name: "v:BBB", state: "live" }] };
  assert.deepEqual(legTrouble(feed, legs, new TimeFormat("UTC")), ["AAA is halted: the exchange says BREAK. It has no trade yet."]);
  assert.deepEqual(legTrouble(undefined, legs, new TimeFormat("UTC")), []);
});

test("a page with a topic opens nothing", async () => {
  const known = { topic: "spec.1" };
  assert.equal(await opened(known, {}), known);
});

test("a page without one asks until the server answers", async () => {
  const said = [];
  const answers = [new PostError(0), new PostError(503), { json: async () => ({ topic: "spec.7" }) }];
  const asked = [];
  const send = async (url, values) => {
    asked.push([url, values]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const page = { topic: null, open: { url: "/pairs/open/", pair: "A~B", params: { tf: "1m" } } };
  const found = await opened(page, { onProblem: (text) => said.push(text), send, wait: async () => {} });
  assert.equal(found.topic, "spec.7");
  assert.deepEqual(asked.at(-1), ["/pairs/open/", { pair: "A~B", tf: "1m" }]);
  assert.equal(said.length, 2);
});

test("what is refused is said and not tried again", async () => {
  const said = [];
  const send = async () => {
    throw new PostError(404);
  };
  await assert.rejects(opened({ topic: null, open: { params: {} } }, { onProblem: (text) => said.push(text), send }));
  assert.match(said[0], /The server answered 404/);
});

test("a form's worth of values carries the page's token", async () => {
  let sent;
  const fetcher = async (url, options) => {
    sent = { url, ...options };
    return { ok: true };
  };
  await post("/x/", { note: "a&b" }, { fetcher, root: { querySelector: () => ({ value: "t0ken" }) } });
  assert.equal(sent.body.toString(), "note=a%26b&csrfmiddlewaretoken=t0ken");
  await assert.rejects(post("/x/", {}, { fetcher: async () => ({ ok: false, status: 403 }), root: { querySelector: () => null } }), /answered 403/);
});

function sleeper() {
  const targets = { page: Object.assign(new EventTarget(), { hidden: false }), view: new EventTarget() };
  let beat;
  const time = { now: 0 };
  const woken = [];
  const timers = { setInterval: (callback) => (beat = callback), clearInterval: () => (beat = null) };
  const unmount = mountWake(() => woken.push(time.now), { ...targets, timers, now: () => time.now });
  return { ...targets, time, woken, unmount, beat: () => beat() };
}

test("a page wakes when it is shown, thawed, back online, or when time has jumped", () => {
  const { page, view, time, woken, beat } = sleeper();
  time.now = 60_000;
  beat();
  assert.deepEqual(woken, []);
  time.now = 4_000_000;
  beat();
  page.dispatchEvent(new Event("visibilitychange"));
  page.dispatchEvent(new Event("resume"));
  view.dispatchEvent(new Event("online"));
  assert.equal(woken.length, 4);
  page.hidden = true;
  page.dispatchEvent(new Event("visibilitychange"));
  assert.equal(woken.length, 4);
});

test("the pill's popover tells round trip, delays and what was merged", () => {
  const health = new Health(legs);
  const known = { store: { at: 10_000, seq: 1_234 }, feed: { symbols: [{ name: "v:AAA", state: "live", last_trade_ms: 9_000, lag_ms: 41 }] }, clock: { skew: -61_000 }, now: 12_000 };
  assert.equal(health.details(known).rtt, "–");
  health.answered({ sent: 100, merged: 3 }, 142);
  assert.deepEqual(health.details(known), {
    rtt: "42 ms",
    lag: "2 s",
    seq: "1,234",
    dropped: "3",
    skew: "−61.0 s",
    feed: [
      { symbol: "AAA", state: "live", lag: "41 ms, last trade 3 s ago" },
      { symbol: "BBB", state: "not recorded", lag: "–" },
    ],
  });
});

test("the z window that is suggested is one to three half-lives, within bounds", () => {
  assert.deepEqual(suggestedWindow({ half_life: { bars: 48.4 } }), { low: 48, high: 145, use: 97 });
  assert.deepEqual(suggestedWindow({ half_life: { bars: 2 } }), { low: 20, high: 20, use: 20 });
  assert.equal(suggestedWindow({ half_life: { bars: null } }), null);
  assert.equal(suggestedWindow(null), null);
});
