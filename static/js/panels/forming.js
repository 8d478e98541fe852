// The bar that forms now, from the last prices of both legs: drawn dashed after the last closed one.

import { isPriceStale } from "../lib/clock.js";
import { formingSpread, formingZ } from "../lib/forming.js";

const KEPT = 4_000;

// {t, y, x, z, spread}; null while a price is missing or too old to say anything about now.
export function formingPoint({ forming, newest, prices, space, now, step }) {
  const isYoung = ({ data }) => Number.isFinite(data?.price) && !isPriceStale(now - data.ms, step);
  if (!prices.y || !prices.x || !isYoung(prices.y) || !isYoung(prices.x)) return null;
  const [y, x] = [prices.y.data.price, prices.x.data.price];
  const t = Math.max(Math.floor(now / step) * step, newest === null ? 0 : newest + step);
  return { t, y, x, z: formingZ(forming, y, x, space), spread: formingSpread(forming, y, x, space) };
}

// z and spread of each price as it came, for the tick mode: what the bars in between do not tell.
export class FormingTrail {
  t = [];
  z = [];
  spread = [];
  #heard = "";

  // Once for each new price.
  note(point, prices) {
    const key = `${prices.y?.seq}/${prices.x?.seq}`;
    if (!point || key === this.#heard) return;
    this.#heard = key;
    const time = Math.max(prices.y.data.ms, prices.x.data.ms);
    if (time <= (this.t.at(-1) ?? 0)) return;
    this.t.push(time);
    this.z.push(point.z);
    this.spread.push(point.spread);
    if (this.t.length > KEPT) for (const column of [this.t, this.z, this.spread]) column.splice(0, KEPT / 4);
  }
}
