// Keys and commands that every page has.

import { openPalette, registerCommands } from "./palette.js";
import { prefer } from "./preferences.js";
import { registerShortcuts } from "./shortcuts.js";
import { showShortcuts } from "./shortcut_list.js";
import { toggleSidebar } from "./sidebar.js";
import { nextTheme } from "./theme.js";

const GROUP = "Everywhere";
// Second key after `g`, for the places the side bar leads to
const PLACES = { Dashboard: "d", Health: "h", Method: "m", Settings: "," };

export function mountCommands(root = document) {
  const places = [...root.querySelectorAll(".sidebar [data-nav]")].map((link) => ({ label: link.textContent.trim(), href: link.getAttribute("href") }));
  const isInside = places.length > 0;
  const undo = [
    registerShortcuts([
      { keys: "?", label: "This list", group: GROUP, run: showShortcuts },
      { keys: "t", label: "Next theme", group: GROUP, run: () => void nextTheme() },
      ...(isInside ? [{ keys: "/", label: "Search pairs and commands", group: GROUP, run: openPalette }] : []),
    ]),
    registerShortcuts(
      places.filter(({ label }) => label in PLACES).map(({ label, href }) => ({ keys: `g ${PLACES[label]}`, label, group: "Go to", run: () => location.assign(href) })),
    ),
    registerCommands([...places.map(({ label, href }) => ({ label: `Go to ${label}`, hint: "page", href })), ...display(isInside)]),
  ];
  return () => undo.forEach((each) => each());
}

function display(isInside) {
  const choices = { theme: ["system", "light", "dark"] };
  if (isInside) Object.assign(choices, { density: ["comfortable", "compact"], palette: ["blue-orange", "green-red", "red-green"] });
  const list = Object.entries(choices).flatMap(([name, values]) =>
    values.map((value) => ({ label: `${name[0].toUpperCase()}${name.slice(1)}: ${value.replace("-", " and ")}`, hint: "display", run: () => void prefer({ [name]: value }) })),
  );
  list.push({ label: "Keyboard shortcuts", hint: "?", run: showShortcuts });
  if (isInside) list.push({ label: "Open or close the side bar", hint: "display", run: () => void toggleSidebar() });
  return list;
}
