// Short messages in the corner. What they say is spoken once, politely, or at once where it is bad.

import { setText } from "../lib/dom.js";
import { ToastQueue } from "./toast_queue.js";

const queue = new ToastQueue();
const shown = new Map();
let timer = null;
let restingSince = null;

// { text, level: "info" | "good" | "warn" | "bad", action: { label, run } }; returns what closes it.
export function toast(message) {
  const added = queue.add(message, performance.now());
  raise(document.getElementById("toasts"));
  paint();
  speak(added);
  return () => close(added.id);
}

export function mountToasts(place) {
  function rest() {
    restingSince ??= performance.now();
    clearTimeout(timer);
  }
  function goOn() {
    if (restingSince === null || place.matches(":hover, :focus-within")) return;
    queue.hold(performance.now() - restingSince);
    restingSince = null;
    paint();
  }
  const starts = ["pointerenter", "focusin"];
  const ends = ["pointerleave", "focusout"];
  // The focus has moved on only after the event
  const later = () => requestAnimationFrame(goOn);
  for (const name of starts) place.addEventListener(name, rest);
  for (const name of ends) place.addEventListener(name, later);
  return () => {
    clearTimeout(timer);
    for (const name of starts) place.removeEventListener(name, rest);
    for (const name of ends) place.removeEventListener(name, later);
  };
}

function paint() {
  const place = document.getElementById("toasts");
  const now = performance.now();
  const next = restingSince === null ? queue.pass(now) : null;
  const { toasts } = queue;
  for (const [id, element] of shown) if (!toasts.some((each) => each.id === id)) remove(id, element);
  for (const each of toasts) show(place, each);
  if (!toasts.length) place.hidePopover();
  clearTimeout(timer);
  if (next !== null) timer = setTimeout(paint, next - now);
}

function show(place, each) {
  const element = shown.get(each.id) ?? make(each);
  setText(element.querySelector("[data-toast-text]"), each.text);
  const count = element.querySelector("[data-toast-count]");
  setText(count, `× ${each.count}`);
  count.hidden = each.count === 1;
  const index = queue.toasts.findIndex(({ id }) => id === each.id);
  if (place.children[index] !== element) place.insertBefore(element, place.children[index] ?? null);
}

function make({ id, level, action }) {
  const element = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
  element.dataset.level = level;
  element.querySelector("[data-toast-close]").addEventListener("click", () => close(id));
  if (action) {
    const button = element.querySelector("[data-toast-action]");
    setText(button, action.label);
    button.hidden = false;
    button.addEventListener("click", () => {
      close(id);
      action.run();
    });
  }
  shown.set(id, element);
  return element;
}

function remove(id, element) {
  element.remove();
  shown.delete(id);
}

function close(id) {
  queue.close(id);
  // The pointer's element is gone: nothing rests on the list any more
  if (restingSince !== null && !queue.toasts.length) restingSince = null;
  paint();
}

// Above a dialog too: what was shown last is on top.
function raise(place) {
  if (document.querySelector("dialog:modal")) place.hidePopover();
  if (!place.matches(":popover-open")) place.showPopover();
}

function speak({ text, level, count }) {
  const place = document.getElementById(level === "bad" ? "say-at-once" : "say-politely");
  setText(place, count > 1 ? `${text} × ${count}` : text);
}
