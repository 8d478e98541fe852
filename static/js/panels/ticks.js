// Single trades of both legs: the lines of the price panel, and the tape of the newest ones.

import { make } from "../lib/dom.js";
import { decimalsOf, number } from "../lib/format.js";
import { sample } from "../charts/sample.js";

const MOST = 20_000;
const ROWS = 30;
// Prices of single trades have no step of their own: a quiet minute is no missing stretch
const STEP = 60_000;

export class Ticks {
  #page;
  #fetcher;
  #held = { y: { t: [], v: [] }, x: { t: [], v: [] } };
  #tape = [];

  constructor(page, { fetcher = (...asked) => fetch(...asked) } = {}) {
    this.#page = page;
    this.#fetcher = fetcher;
  }

  // What was traded before the page was opened.
  async load(range, pixels) {
    await Promise.all(["y", "x"].flatMap((leg) => [this.#loadLine(leg, range, pixels), this.#loadTape(leg)]));
  }

  async #loadLine(leg, { from, to }, pixels) {
    const query = new URLSearchParams({ from: Math.round(from), to: Math.round(to), pixels });
    const body = await this.#get(leg, query);
    const found = body?.columns.price;
    if (found) this.#held[leg] = merged(found, this.#held[leg]);
  }

  async #loadTape(leg) {
    const body = await this.#get(leg, new URLSearchParams({ last: ROWS }));
    for (const row of body?.rows ?? []) this.#note(leg, row);
  }

  async #get(leg, query) {
    const response = await this.#fetcher(`/api/v1/ticks/${encodeURIComponent(this.#page[leg].instrument)}?${query}`, { cache: "no-store" }).catch(() => null);
    return response?.ok ? response.json() : null;
  }

  // A frame of the live price; those between two frames are not told.
  hear(leg, { price, size, ms, trade_id: id }) {
    const { t, v } = this.#held[leg];
    if (!Number.isFinite(price) || ms < (t.at(-1) ?? 0)) return;
    t.push(ms);
    v.push(price);
    if (t.length > MOST) [t, v].forEach((column) => column.splice(0, t.length - MOST));
    if (Number.isFinite(size)) this.#note(leg, { t: ms, price, size, id, is_buyer_maker: null });
  }

  #note(leg, row) {
    if (this.#tape.some((each) => each.leg === leg && each.id === row.id)) return;
    this.#tape.push({ leg, ...row });
    this.#tape.sort((a, b) => b.t - a.t || b.id - a.id);
    this.#tape.length = Math.min(this.#tape.length, 2 * ROWS);
  }

  lines(asked) {
    const of = ({ t, v }) => sample(t, v, { ...asked, step: STEP });
    return { y: of(this.#held.y), x: of(this.#held.x) };
  }

  paintTape(body, time) {
    const rows = this.#tape.map(({ leg, t, price, size, is_buyer_maker: isSell }) => {
      const { symbol, tick } = this.#page[leg];
      const side = isSell === null ? "–" : isSell ? "▼ sell" : "▲ buy";
      const row = make("tr");
      row.append(make("th", { text: time.full(t), attributes: { scope: "row" } }), make("td", { text: symbol }), make("td", { text: number(price, decimalsOf(tick)), className: "number" }), make("td", { text: number(size, null), className: "number" }), make("td", { text: side }));
      return row;
    });
    body.replaceChildren(...rows);
  }
}

// Older points in front of those that came live meanwhile.
function merged(older, newer) {
  const first = newer.t[0] ?? Infinity;
  const count = older.t.findIndex((t) => t >= first);
  const end = count < 0 ? older.t.length : count;
  return { t: [...older.t.slice(0, end), ...newer.t], v: [...older.v.slice(0, end), ...newer.v] };
}
