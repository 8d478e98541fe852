// What the popover of the connection pill tells: round trip, delays, the newest frame, what was merged on the way.

import { age, number } from "../lib/format.js";

export class Health {
  #page;
  #rtt = null;
  #merged = null;

  constructor(page) {
    this.#page = page;
  }

  // A pong came at `now`, by the clock that stamped its ping.
  answered({ sent, merged = null }, now) {
    this.#rtt = now - sent;
    this.#merged = merged;
  }

  details({ store, feed, clock, now }) {
    return {
      rtt: this.#rtt === null ? "–" : `${number(this.#rtt, 0)} ms`,
      lag: store.at === null ? "–" : age(now - store.at),
      seq: store.seq === null ? "–" : number(store.seq, 0),
      dropped: this.#merged === null ? "–" : number(this.#merged, 0),
      skew: `${number(clock.skew / 1_000, 1, { sign: true })} s`,
      feed: [this.#page.y, this.#page.x].map((leg) => feedLag(leg, feed, now)),
    };
  }
}

function feedLag({ symbol, instrument }, feed, now) {
  const found = feed?.symbols?.find(({ name }) => name === instrument);
  const lag = Number.isFinite(found?.lag_ms) ? `${number(found.lag_ms, 0)} ms` : "–";
  const last = found?.last_trade_ms ? `, last trade ${age(now - found.last_trade_ms)} ago` : "";
  return { symbol, state: found?.state ?? "not recorded", lag: lag + last };
}
