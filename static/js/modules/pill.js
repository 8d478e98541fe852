// The connection pill: word, shape and colour; spoken at most once in ten seconds.

import { setText } from "../lib/dom.js";

const SPEAK_EVERY_MS = 10_000;

export function mountPill(element, speech, { onNow }) {
  const word = element.querySelector("[data-pill-word]");
  const button = element.querySelector("[data-pill-now]");
  let spoken = { state: "connecting", at: -Infinity };
  button.addEventListener("click", onNow);

  function paint({ state, word: text }, now) {
    element.dataset.state = state;
    setText(word, text);
    button.hidden = state !== "reconnecting" || !/\d/.test(text);
    if (state === spoken.state || now - spoken.at < SPEAK_EVERY_MS) return;
    setText(speech, `Connection: ${text}`);
    spoken = { state, at: now };
  }

  return { paint, unmount: () => button.removeEventListener("click", onNow) };
}
