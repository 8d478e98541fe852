// Notes save themselves a moment after the last key; the button does it at once, also without this file.

import { setText } from "../lib/dom.js";
import { post } from "../lib/post.js";

const PAUSE_MS = 1_500;

export function mountNotes(form, { timers = globalThis, send = post } = {}) {
  const area = form.elements.note;
  const said = form.querySelector("[data-saved]");
  let saved = area.value;
  let timer = null;

  async function save({ keepalive = false } = {}) {
    timers.clearTimeout(timer);
    const text = area.value;
    if (text === saved) return;
    try {
      await send(form.action, { note: text }, { keepalive });
      saved = text;
      setText(said, area.value === text ? "Saved" : "");
    } catch (error) {
      setText(said, `Not saved. ${error.message} Your text is still here.`);
    }
  }

  function typed() {
    setText(said, "");
    timers.clearTimeout(timer);
    timer = timers.setTimeout(save, PAUSE_MS);
  }

  function submitted(event) {
    event.preventDefault();
    save();
  }

  // A page that is left keeps nothing: what is still unsaved is sent on the way out
  const leave = () => save({ keepalive: true });
  area.addEventListener("input", typed);
  form.addEventListener("submit", submitted);
  globalThis.addEventListener?.("pagehide", leave);
  return () => {
    timers.clearTimeout(timer);
    area.removeEventListener("input", typed);
    form.removeEventListener("submit", submitted);
    globalThis.removeEventListener?.("pagehide", leave);
  };
}
