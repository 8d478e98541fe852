// Keys and commands of a page with charts.

import { registerCommands } from "../shell/palette.js";
import { registerShortcuts } from "../shell/shortcuts.js";

const GROUP = "Charts";

// acts: what buttons do, by name; current(): the panel that a key means; free(): false when there was nothing to free.
export function registerCharts({ place, acts, range, current, free }) {
  const commands = [
    ["Follow live", () => range.live()],
    ["Pause or resume the charts", acts.pause],
    ["Copy link that follows now", acts["link-follow"]],
    ["Copy link to this range", acts["link-fixed"]],
    ...[...place.querySelectorAll("[data-range]")].map(({ dataset }) => [`Range: ${dataset.range}`, () => range.follow(dataset.range)]),
  ];
  const undo = [
    registerShortcuts([
      { keys: "x", label: "Lock or free the crosshair", group: GROUP, run: acts.lock },
      { keys: "Escape", label: "Free the crosshair", group: GROUP, run: free },
      { keys: "f", label: "Full screen", group: GROUP, run: () => acts.full(current()) },
      { keys: "c", label: "Copy a link to this view", group: GROUP, run: () => place.querySelector('[popovertarget="link-menu"]').click() },
      { keys: "l", label: "Follow live, or hold the range", group: GROUP, run: acts.follow },
      { keys: " ", label: "Pause the charts, or go on", group: GROUP, run: acts.pause },
      { keys: "0", label: "Usual range", group: GROUP, run: acts.reset },
    ]),
    registerCommands(commands.map(([label, run]) => ({ label, hint: "charts", run }))),
  ];
  return { unmount: () => undo.forEach((undoing) => undoing()) };
}
