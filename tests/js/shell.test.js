import assert from "node:assert/strict";
import { test } from "node:test";

import { matching, pieces, score } from "../../static/js/shell/matching.js";
import { placeBeside } from "../../static/js/shell/menu.js";
import { Recent } from "../../static/js/shell/recent.js";
import { Shortcuts } from "../../static/js/shell/shortcuts.js";
import { MOST, ToastQueue } from "../../static/js/shell/toast_queue.js";

// --- shortcuts ---------------------------------------------------------------------------------
// An element as far as the registry looks at it: does it, or what holds it, match the selector?
const element = (...names) => ({ closest: (selector) => (names.some((name) => selector.includes(name)) ? {} : null) });

function press(shortcuts, key, more = {}) {
  return shortcuts.press({ key, timeStamp: 0, target: element(), shiftKey: false, ...more });
}

function registered(...keys) {
  const ran = [];
  const shortcuts = new Shortcuts();
  shortcuts.register(keys.map((each) => ({ keys: each, label: each, group: "Test", run: () => void ran.push(each) })));
  return { ran, shortcuts };
}

test("a key runs what is registered for it, and no other key does", () => {
  const { ran, shortcuts } = registered("x", "?", "Escape");
  assert.deepEqual(["x", "?", "Escape", "y"].map((key) => press(shortcuts, key)), [true, true, true, false]);
  assert.deepEqual(ran, ["x", "?", "Escape"]);
});

test("nothing runs in a field, with a modifier, while a key is held down or composed, or when it was dealt with", () => {
  const { ran, shortcuts } = registered("x");
  const ways = [{ target: element("textarea") }, { ctrlKey: true }, { altKey: true }, { metaKey: true }, { repeat: true }, { isComposing: true }, { defaultPrevented: true }];
  for (const way of ways) assert.equal(press(shortcuts, "x", way), false);
  assert.deepEqual(ran, []);
});

test("Space and Enter press the button that has the focus, elsewhere they are shortcuts", () => {
  const { ran, shortcuts } = registered(" ");
  assert.equal(press(shortcuts, " ", { target: element("button") }), false);
  assert.equal(press(shortcuts, " "), true);
  assert.deepEqual(ran, [" "]);
});

test("Caps Lock is not meant, Shift is another key", () => {
  const { ran, shortcuts } = registered("x");
  assert.equal(press(shortcuts, "X"), true);
  assert.equal(press(shortcuts, "X", { shiftKey: true }), false);
  assert.deepEqual(ran, ["x"]);
});

test("a sequence waits a second and a half for its second key", () => {
  const { ran, shortcuts } = registered("g d");
  press(shortcuts, "g", { timeStamp: 0 });
  press(shortcuts, "d", { timeStamp: 1_500 });
  press(shortcuts, "g", { timeStamp: 10_000 });
  press(shortcuts, "d", { timeStamp: 11_501 });
  assert.deepEqual(ran, ["g d"]);
});

test("Shift pressed on the way to the second key does not end the sequence", () => {
  const { ran, shortcuts } = registered("g ?");
  press(shortcuts, "g");
  press(shortcuts, "Shift", { shiftKey: true });
  press(shortcuts, "?", { shiftKey: true });
  assert.deepEqual(ran, ["g ?"]);
});

test("a key that ends no sequence acts as itself", () => {
  const { ran, shortcuts } = registered("g d", "x");
  press(shortcuts, "g");
  press(shortcuts, "x");
  assert.deepEqual(ran, ["x"]);
});

test("the newest registration goes first; one that had nothing to do leaves the key to the older", () => {
  const { ran, shortcuts } = registered("Escape");
  let isOpen = true;
  const unregister = shortcuts.register([{ keys: "Escape", label: "Close", group: "Page", run: () => (isOpen ? void ran.push("close") : false) }]);
  press(shortcuts, "Escape");
  isOpen = false;
  press(shortcuts, "Escape");
  unregister();
  press(shortcuts, "Escape");
  assert.deepEqual(ran, ["close", "Escape", "Escape"]);
});

test("switched off, single keys and sequences rest, named keys act", () => {
  const ran = [];
  const shortcuts = new Shortcuts({ isOff: () => true });
  shortcuts.register(["x", "g d", "Escape"].map((keys) => ({ keys, label: keys, group: "Test", run: () => void ran.push(keys) })));
  for (const key of ["x", "g", "d", "Escape"]) press(shortcuts, key);
  assert.deepEqual(ran, ["Escape"]);
});

test("the list has each shortcut once, in groups, and forgets those that were taken away", () => {
  const { shortcuts } = registered("x");
  const unregister = shortcuts.register([
    { keys: "x", label: "x", group: "Test", run() {} },
    { keys: "f", label: "Full screen", group: "Charts", run() {} },
  ]);
  const listed = () => [...shortcuts.groups].map(([group, list]) => [group, list.map(({ keys }) => keys)]);
  assert.deepEqual(listed(), [["Test", ["x"]], ["Charts", ["f"]]]);
  unregister();
  assert.deepEqual(listed(), [["Test", ["x"]]]);
});

// --- matching ----------------------------------------------------------------------------------
test("all words must be there, in any order and letter case", () => {
  assert.notEqual(score("BTCUSDT on ETHUSDT", "eth btc"), null);
  assert.equal(score("BTCUSDT on ETHUSDT", "btc sol"), null);
});

test("words that begin a part of the text rank first, then those of the hint", () => {
  const items = [{ label: "Reheat" }, { label: "Other", hint: "heat" }, { label: "Heat map" }];
  assert.deepEqual(matching(items, "heat").map(({ label }) => label), ["Heat map", "Reheat", "Other"]);
});

test("without words everything stays in its order", () => {
  const items = [{ label: "b" }, { label: "a" }];
  assert.deepEqual(matching(items, " ~ "), items);
});

test("marked pieces are the text again, overlapping words marked once", () => {
  const parts = pieces("BTCUSDT on ETHUSDT", "btcu cus eth");
  assert.equal(parts.map(({ text }) => text).join(""), "BTCUSDT on ETHUSDT");
  assert.deepEqual(parts.filter(({ isMatch }) => isMatch).map(({ text }) => text), ["BTCUS", "ETH"]);
});

test("markup in a name stays text", () => {
  assert.deepEqual(pieces("<b>x", "b"), [{ text: "<", isMatch: false }, { text: "b", isMatch: true }, { text: ">x", isMatch: false }]);
});

// --- recent ------------------------------------------------------------------------------------
function storage(start = {}) {
  const kept = new Map(Object.entries(start));
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
}

test("the newest of what was opened stands first and once, for each reader apart", () => {
  const shared = storage();
  const recent = new Recent("1", shared);
  for (const name of ["A~B", "C~D", "A~B"]) recent.add({ label: name, href: `/pairs/${name}/` });
  assert.deepEqual(recent.list.map(({ label }) => label), ["A~B", "C~D"]);
  assert.deepEqual(new Recent("2", shared).list, []);
});

test("what somebody else wrote into the storage leads nowhere else", () => {
  const odd = storage({ "recent.1": JSON.stringify([{ label: "x", href: "javascript:alert(1)" }, null, 5]), "recent.2": "{" });
  assert.deepEqual(new Recent("1", odd).list, []);
  assert.deepEqual(new Recent("2", odd).list, []);
});

test("without storage nothing is remembered and nothing fails", () => {
  const closed = { getItem: () => null, setItem: () => { throw new Error("closed"); } };
  new Recent("1", closed).add({ label: "A~B", href: "/pairs/A~B/" });
});

// --- toasts ------------------------------------------------------------------------------------
test("three stand at most, the newest first", () => {
  const queue = new ToastQueue();
  for (const text of ["a", "b", "c", "d"]) queue.add({ text }, 0);
  assert.equal(MOST, 3);
  assert.deepEqual(queue.toasts.map(({ text }) => text), ["d", "c", "b"]);
});

test("the same again is counted and comes to the top, its time anew", () => {
  const queue = new ToastQueue();
  queue.add({ text: "a" }, 0);
  queue.add({ text: "b" }, 0);
  queue.add({ text: "a" }, 5_000);
  assert.deepEqual(queue.toasts.map(({ text, count }) => [text, count]), [["a", 2], ["b", 1]]);
  queue.pass(6_000);
  assert.deepEqual(queue.toasts.map(({ text }) => text), ["a"]);
});

test("information goes after six seconds, with something to do after ten, warnings stay until they are closed", () => {
  const queue = new ToastQueue();
  const { id } = queue.add({ text: "warn", level: "warn" }, 0);
  queue.add({ text: "undo", action: { label: "Undo", run() {} } }, 0);
  queue.add({ text: "info" }, 0);
  assert.equal(queue.pass(5_999), 6_000);
  assert.equal(queue.pass(6_000), 10_000);
  assert.equal(queue.pass(10_000), null);
  assert.deepEqual(queue.toasts.map(({ text }) => text), ["warn"]);
  queue.close(id);
  assert.deepEqual(queue.toasts, []);
});

test("no time passes while somebody reads", () => {
  const queue = new ToastQueue();
  queue.add({ text: "info" }, 0);
  queue.hold(4_000);
  assert.equal(queue.pass(9_999), 10_000);
});

// --- menus -------------------------------------------------------------------------------------
const window_ = { width: 1_000, height: 800 };

test("a menu is under its button, on the side that has room", () => {
  const left = placeBeside({ left: 20, right: 60, top: 10, bottom: 40 }, window_);
  assert.deepEqual([left.top, left.left, left.right, left.bottom], ["44px", "20px", "auto", "auto"]);
  const right = placeBeside({ left: 900, right: 940, top: 10, bottom: 40 }, window_);
  assert.deepEqual([right.left, right.right], ["auto", "60px"]);
});

test("near the bottom it is above, and never higher than the room there", () => {
  const place = placeBeside({ left: 20, right: 60, top: 700, bottom: 740 }, window_);
  assert.deepEqual([place.top, place.bottom, place.maxHeight], ["auto", "104px", "688px"]);
});
