// The newest trades of both legs, newest on top.

import { make } from "../lib/dom.js";
import { decimalsOf, number } from "../lib/format.js";
import { compact } from "./readout.js";

const ROWS = 40;
// Live frames tell the last price at most four times a second; the record has all trades
const EVERY_MS = 2_000;

// load(instrument) resolves with the newest trades of one leg, newest last.
export function mountTape(body, { page, time, load, timers = globalThis, now = Date.now }) {
  const legs = { y: [], x: [] };
  let heard = "";
  let askedAt = -Infinity;
  let timer = null;

  async function refresh() {
    timer = null;
    askedAt = now();
    const found = await Promise.all(Object.keys(legs).map((leg) => load(page[leg].instrument).catch(() => null)));
    Object.keys(legs).forEach((leg, index) => {
      if (found[index]) legs[leg] = found[index].rows;
    });
    show();
  }

  function show() {
    const rows = Object.entries(legs).flatMap(([leg, trades]) => trades.map((trade) => ({ ...trade, leg })));
    rows.sort((a, b) => b.t - a.t || b.id - a.id);
    body.replaceChildren(...rows.slice(0, ROWS).map((trade) => line(trade, page[trade.leg], time)));
  }

  return {
    // Something was traded: the record is asked, not more often than it helps.
    paint({ y, x }) {
      const key = `${y?.seq}/${x?.seq}`;
      if (key === heard || timer !== null) return;
      heard = key;
      timer = timers.setTimeout(refresh, Math.max(0, askedAt + EVERY_MS - now()));
    },
    unmount: () => timers.clearTimeout(timer),
  };
}

function line({ t, price, size, is_buyer_maker: isSell }, { symbol, tick }, time) {
  const row = make("tr", { className: isSell ? "is-sell" : "is-buy" });
  row.append(
    make("th", { text: time.clock(t), className: "time", attributes: { scope: "row", title: time.full(t) } }),
    make("td", { text: symbol }),
    make("td", { text: number(price, decimalsOf(tick)), className: "number" }),
    make("td", { text: compact(size), className: "number" }),
    make("td", { text: isSell ? "▼ sell" : "▲ buy", className: "side" }),
  );
  return row;
}
