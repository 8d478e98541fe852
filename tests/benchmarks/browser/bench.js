// What the bench in Python calls: one side at a time, fed at a rate, each in its own place of the page.

import { market, STEP } from "./data.js";
import { mountOurs } from "./ours.js";
import { mountTheirs } from "./theirs.js";

const START = 1_700_000_000_000;
const SIDES = { ours: mountOurs, theirs: mountTheirs };
let running = null;

window.bench = {
  // Draws so many points; the first picture is done when it resolves.
  async mount(side, points) {
    running?.unmount();
    for (const name of Object.keys(SIDES)) document.getElementById(name).hidden = name !== side;
    const next = market({ start: START });
    const rows = Array.from({ length: points }, next);
    let newest = rows.at(-1).t;
    const mounted = SIDES[side](document.getElementById(side), { rows, now: () => newest });
    running = {
      add() {
        const row = next();
        newest = row.t;
        mounted.add(row);
      },
      unmount: () => mounted.unmount(),
    };
    await frames(3);
    running.add();
    await frames(3);
  },
  // So many updates at so many a second, each in an animation frame; how many were done in the time they should take.
  async feed(updates, rate) {
    const end = performance.now() + (updates * 1_000) / rate;
    let done = 0;
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        requestAnimationFrame(() => {
          running.add();
          done += 1;
        });
        if (performance.now() < end) return;
        clearInterval(timer);
        resolve();
      }, 1_000 / rate);
    });
    await frames(2);
    return done;
  },
  step: STEP,
};

async function frames(count) {
  for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
}
