// Single trades: loaded once, then live.

import { Ticks } from "./ticks.js";

const LOOK_BACK_MS = 900_000;
const PIXELS = 1_200;

export function mountTape(root, { page, time, sources, onChange }) {
  const ticks = new Ticks(page);
  const body = root.querySelector("[data-tape] tbody");
  const heard = { y: null, x: null };
  ticks.load({ from: page.now_ms - LOOK_BACK_MS, to: page.now_ms }, PIXELS).then(onChange);

  // Prices come as frames; each new one is one more trade.
  function paint() {
    for (const leg of ["y", "x"]) {
      const { data, seq } = sources.prices[leg];
      if (!data || seq === heard[leg]) continue;
      heard[leg] = seq;
      ticks.hear(leg, data);
    }
    ticks.paintTape(body, time);
  }

  return { ticks, paint, unmount: () => {} };
}
