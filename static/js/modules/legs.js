// What the feed says of the two legs: a halted or silent leg is named, with its reason and its last trade.

import { setText } from "../lib/dom.js";

const TROUBLE = { halted: "is halted", silent: "is silent", blocked: "is blocked" };

export function mountLegs(root, page, { time }) {
  const notice = root.querySelector("#leg-notice");

  function paint(feed) {
    const texts = legTrouble(feed, page, time);
    setText(notice, texts.join(" "));
    notice.hidden = texts.length === 0;
  }

  return { paint };
}

export function legTrouble(feed, page, time) {
  const symbols = new Map((feed?.symbols ?? []).map((symbol) => [symbol.name, symbol]));
  return [page.y, page.x].flatMap((leg) => {
    const { state, reason, last_trade_ms: last } = symbols.get(leg.instrument) ?? {};
    if (!(state in TROUBLE)) return [];
    const because = reason ? `: ${reason}` : "";
    return [`${leg.symbol} ${TROUBLE[state]}${because}. ${last ? `Its last trade was at ${time.full(last)}.` : "It has no trade yet."}`];
  });
}
