// The connection pill: word, shape and colour; spoken at most once in ten seconds. Its details open by a press.

import { setText } from "../lib/dom.js";
import { UNKNOWN } from "../lib/format.js";

const SPEAK_EVERY_MS = 10_000;
const PARTS = ["rtt", "lag", "seq", "dropped", "skew"];

export function mountPill(element, speech, { onNow }) {
  const word = element.querySelector("[data-pill-word]");
  const button = element.querySelector("[data-pill-now]");
  const popup = element.ownerDocument.getElementById("pill-details");
  let spoken = { state: "connecting", at: -Infinity };
  button.addEventListener("click", onNow);

  // `details`: { rtt, lag, seq, dropped, skew: text, feed: [{ symbol, state, lag }] }.
  function paint({ state, word: text, details }, now) {
    if (element.dataset.state !== state) element.dataset.state = state;
    setText(word, text);
    const isSignedOut = text === "Signed out";
    button.hidden = !isSignedOut && (state !== "reconnecting" || !/\d/.test(text));
    setText(button, isSignedOut ? "Log in" : "Now");
    if (details && popup?.matches(":popover-open")) paintDetails(popup, details);
    if (state === spoken.state || now - spoken.at < SPEAK_EVERY_MS) return;
    setText(speech, `Connection: ${text}`);
    spoken = { state, at: now };
  }

  return { paint, unmount: () => button.removeEventListener("click", onNow) };
}

function paintDetails(popup, details) {
  for (const name of PARTS) {
    const text = String(details[name] ?? UNKNOWN);
    const place = popup.querySelector(`[data-pill-${name}]`);
    setText(place, text);
    // Why it is not known stands there until it is
    if (text !== UNKNOWN) place.removeAttribute("title");
  }
  if (details.feed) paintFeed(popup.querySelector("[data-pill-feed]"), details.feed);
}

function paintFeed(body, feed) {
  while (body.rows.length > Math.max(1, feed.length)) body.deleteRow(-1);
  feed.forEach(({ symbol, state, lag }, index) => {
    const row = body.rows[index] ?? body.insertRow();
    while (row.cells.length < 3) row.insertCell();
    row.cells[0].removeAttribute("colspan");
    row.cells[2].className = "number";
    [symbol, state, lag].forEach((text, column) => setText(row.cells[column], text ?? "–"));
  });
}
