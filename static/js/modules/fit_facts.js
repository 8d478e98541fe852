// What the numbers of the fit stand on, as the frame says that brought them: never what a form or a label says.

import { UNKNOWN, quantity } from "../lib/format.js";

const SPACES = { log: ["log prices", "β is a ratio of notionals"], raw: ["raw prices", "β is a ratio of units"] };

export function fitFacts({ store, page, time }) {
  const { spec } = store;
  if (!spec || !store.t.length) {
    const none = { text: UNKNOWN, note: "waiting for bars" };
    return { direction: none, prices: none, method: none, window: none, bar: none };
  }
  const [space, meaning] = SPACES[spec.prices];
  const { title, live } = page.hedges[spec.hedge];
  return {
    direction: { text: `${symbol(spec.y)} on ${symbol(spec.x)}`, note: "y on x" },
    prices: { text: space, note: meaning },
    method: { text: title, note: "" },
    window: {
      text: quantity(spec.hwin, { unit: "bars", decimals: 0 }, page.step),
      note: live === "memory" ? "a start; the line remembers all bars since" : "up to the bar before",
    },
    bar: { text: time.full(store.t.at(-1)), note: `${spec.tf} bar, by its open` },
  };
}

function symbol(topic) {
  return topic.split(":").at(-1);
}
