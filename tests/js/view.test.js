import assert from "node:assert/strict";
import { test } from "node:test";

import { chosen, countAfter, edgeOf, followed, held, inside, isFollowing, panView, rangeOf, spanOf, visible, zoomView, zoomed } from "../../static/js/view/range.js";
import { ViewState } from "../../static/js/view/view_state.js";

const HOUR = 3_600_000;
const extent = { edge: 10 * HOUR, first: 9 * HOUR, earliest: null, step: 1_000 };
const following = { range: "1h", from: null, to: null };
const fixed = { range: "1h", from: 5 * HOUR, to: 6 * HOUR };

test("a range is a number and a unit", () => {
  assert.deepEqual(["15m", "1h", "6h", "1d", "7d", "90s"].map(spanOf), [900_000, HOUR, 6 * HOUR, 24 * HOUR, 168 * HOUR, 90_000]);
  assert.deepEqual(["fit", "", "0s", "-1h", "1w", "1h2", undefined].map(spanOf), Array(7).fill(null));
});

test("a length has its preset's name, or seconds", () => {
  assert.deepEqual([HOUR, HOUR + 10_000, 1_830_000].map(rangeOf), ["1h", "1h", "1830s"]);
});

test("a range follows the newest point until both ends are given", () => {
  assert.deepEqual(visible(following, extent), { from: 9 * HOUR, to: 10 * HOUR });
  assert.deepEqual(visible(following, { ...extent, edge: 11 * HOUR }), { from: 10 * HOUR, to: 11 * HOUR });
  assert.deepEqual(visible(fixed, { ...extent, edge: 11 * HOUR }), { from: 5 * HOUR, to: 6 * HOUR });
});

test("fit shows all there is, and has room for a pair that is young", () => {
  const fit = { ...following, range: "fit" };
  assert.equal(visible(fit, extent).from, 9 * HOUR);
  assert.equal(visible(fit, { ...extent, first: 10 * HOUR - 5_000 }).from, 10 * HOUR - 60_000);
  assert.equal(visible(fit, { ...extent, first: null }).from, 10 * HOUR - 60_000);
});

test("the right end is the bar that forms, and never before the newest bar", () => {
  assert.equal(edgeOf({ last: 60_000, now: 185_000, step: 60_000 }), 180_000);
  assert.equal(edgeOf({ last: 600_000, now: 185_000, step: 60_000 }), 600_000);
});

test("zooming keeps the time under the pointer where it is", () => {
  const range = { from: 1_000_000, to: 2_000_000 };
  for (const factor of [0.5, 2, 0.8]) {
    const { from, to } = zoomed(range, factor, 1_250_000, extent);
    assert.ok(Math.abs((1_250_000 - from) / (to - from) - 0.25) < 1e-6);
    assert.equal(to - from, 1_000_000 * factor);
  }
});

test("zooming ends at ten bars and at four hundred days", () => {
  assert.equal(zoomed({ from: 0, to: 20_000 }, 0.01, 10_000, extent).to, 15_000);
  const days = zoomed({ from: 0, to: 300 * 24 * HOUR }, 9, 0, { ...extent, edge: 300 * 24 * HOUR });
  assert.equal(days.to - days.from, 400 * 24 * HOUR);
});

test("zooming at the right end of a following range goes on following", () => {
  assert.deepEqual(zoomView(following, extent, 0.5), { range: "1800s", from: null, to: null });
  assert.deepEqual(zoomView(following, extent, 0.25, 10 * HOUR - 1_000), { range: "15m", from: null, to: null });
});

test("zooming elsewhere holds what is seen", () => {
  const { from, to } = zoomView(following, extent, 0.5, 9.5 * HOUR);
  assert.deepEqual([from, to], [9.25 * HOUR, 9.75 * HOUR]);
  assert.deepEqual(zoomView(fixed, extent, 0.5), { from: 5.25 * HOUR, to: 5.75 * HOUR });
});

test("panning keeps the length and ends where data end", () => {
  assert.deepEqual(panView(fixed, extent, -HOUR), { from: 4 * HOUR, to: 5 * HOUR });
  assert.equal(panView(fixed, extent, 100 * HOUR).to, 10.2 * HOUR);
  assert.equal(panView(fixed, { ...extent, earliest: 4.5 * HOUR }, -100 * HOUR).from, 4.3 * HOUR);
  assert.ok(!isFollowing({ ...following, ...panView(following, extent, -1_000) }));
});

test("a range wider than all data is not pushed out of sight by its start", () => {
  const { from, to } = inside({ from: 0, to: 20 * HOUR }, { ...extent, earliest: 9.5 * HOUR });
  assert.ok(from <= 9.5 * HOUR && to >= 10 * HOUR);
});

test("a selected stretch is shown, dragged either way, and not too short to see", () => {
  assert.deepEqual(chosen(6 * HOUR, 5 * HOUR, extent), { from: 5 * HOUR, to: 6 * HOUR });
  assert.equal(chosen(5 * HOUR, 5 * HOUR, extent).to - chosen(5 * HOUR, 5 * HOUR, extent).from, 10_000);
});

test("following again keeps the width; holding keeps the picture", () => {
  assert.deepEqual(followed({ ...fixed, to: fixed.from + 120_000 }, extent), { range: "120s", from: null, to: null });
  assert.deepEqual(followed(following, extent), {});
  assert.deepEqual(held(following, extent), { from: 9 * HOUR, to: 10 * HOUR });
  assert.deepEqual(held(fixed, extent), {});
});

test("new points are counted from where the reader left", () => {
  assert.deepEqual(countAfter([1, 2, 3, 4], 2), { count: 2, isMore: false });
  assert.deepEqual(countAfter([1, 2, 3, 4], 4), { count: 0, isMore: false });
  assert.deepEqual(countAfter([5, 6], 2), { count: 2, isMore: true });
  assert.deepEqual(countAfter([], 2), { count: 0, isMore: false });
});

// A window of which only the address counts, and time that the test moves.
function opened(page, address = "https://x.example/dashboard/?pair=7&range=6h#top") {
  const later = [];
  const location = new URL(address);
  const place = Object.assign(new EventTarget(), {
    location,
    history: { state: null, replaceState: (_state, _title, url) => place.written.push(url) },
    written: [],
  });
  const view = new ViewState(page, { place, timers: { setTimeout: (callback) => later.push(callback), clearTimeout: () => (later.length = 0) } });
  return { view, place, write: () => later.splice(0).forEach((callback) => callback()) };
}

test("without a word of the server a view has its defaults", () => {
  const { view } = opened({});
  assert.deepEqual([view.get().range, view.get().from, view.get().axes, view.get().panels], ["fit", null, "two", null]);
});

test("a view is what the server read from the address", () => {
  const { view } = opened({ view: { range: "6h", entry: 2.5 }, defaults: { range: "1h" } });
  assert.deepEqual([view.get().range, view.get().entry, view.get().exit], ["6h", 2.5, 0.5]);
});

test("a view cannot be changed but by set, and tells who listens what changed", () => {
  const { view } = opened({});
  const heard = [];
  const stop = view.subscribe((now, changed) => heard.push([now.range, changed]));
  assert.throws(() => (view.get().range = "1h"));
  view.set({ range: "1h", axes: "two" });
  view.set({ range: "1h", nonsense: 1 });
  stop();
  view.set({ range: "6h" });
  assert.deepEqual(heard, [["1h", ["range"]]]);
});

test("the address holds what differs from the defaults, and keeps what is not of the view", () => {
  const { view, place, write } = opened({ defaults: { panels: ["prices", "zscore"] } });
  view.set({ range: "1h", axes: "rebased", panels: ["zscore", "prices"] });
  write();
  assert.deepEqual(place.written, ["/dashboard/?pair=7&range=1h&axes=rebased&panels=zscore,prices#top"]);
  view.set({ range: "fit", axes: "two", panels: ["prices", "zscore"] });
  write();
  assert.equal(place.written.at(-1), "/dashboard/?pair=7#top");
});

test("a fixed range stands in the address as times", () => {
  const { view, place, write } = opened({});
  view.set({ range: "1h", from: Date.UTC(2026, 10, 22, 12, 1, 10), to: Date.UTC(2026, 10, 22, 13, 0, 0, 5) });
  write();
  assert.equal(place.written[0], "/dashboard/?pair=7&from=2026-11-22T12:01:10Z&to=2026-11-22T13:00:00.005Z#top");
});

test("many changes are one change of the address", () => {
  const { view, place, write } = opened({});
  for (let ms = 1; ms < 50; ms += 1) view.set({ from: ms, to: ms + 1_000 });
  assert.equal(place.written.length, 0);
  write();
  assert.equal(place.written.length, 1);
});

test("leaving the page writes what waits", () => {
  const { view, place } = opened({});
  view.set({ range: "1h" });
  place.dispatchEvent(new Event("pagehide"));
  assert.equal(place.written.length, 1);
});

const link = { path: "/pairs/A~B/", params: { tf: "1m", win: 300, beta: "ols", tz: null } };

test("a link has the pair's own parameters and follows now, or shows one stretch for ever", () => {
  const { view } = opened({ link });
  view.set({ range: "6h", from: 0, to: HOUR, entry: 3 });
  assert.equal(view.link(), "https://x.example/pairs/A~B/?tf=1m&win=300&beta=ols&range=6h&entry=3");
  assert.equal(
    view.link({ fixed: { from: HOUR, to: 2 * HOUR } }),
    "https://x.example/pairs/A~B/?tf=1m&win=300&beta=ols&from=1970-01-01T01:00:00Z&to=1970-01-01T02:00:00Z&entry=3",
  );
  assert.equal(view.query().get("win"), "300");
});

test("a page without a canonical link links to itself", () => {
  assert.equal(opened({}).view.link(), "https://x.example/dashboard/?pair=7");
});
