// The list of shortcuts, as the dialog of `?` and the settings page show it.

import { make } from "../lib/dom.js";
import { openDialog } from "./dialog.js";
import { shortcutGroups } from "./shortcuts.js";

const NAMES = { " ": "Space", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" };
const ALWAYS = { group: "Everywhere", keys: "Ctrl+K", label: "Search pairs and commands" };

export function listShortcuts(place) {
  const groups = new Map(shortcutGroups());
  groups.set(ALWAYS.group, [...(groups.get(ALWAYS.group) ?? []), ...(document.getElementById("palette") ? [ALWAYS] : [])]);
  place.replaceChildren(...[...groups].map(([group, list]) => section(group, list)));
}

export function showShortcuts() {
  const dialog = document.getElementById("shortcuts-dialog");
  fill(dialog);
  openDialog(dialog);
}

// Opened by its button, the dialog lists what is registered then.
export function mountShortcutList(root = document) {
  const dialog = root.getElementById("shortcuts-dialog");
  const opening = (event) => event.newState === "open" && fill(dialog);
  dialog.addEventListener("beforetoggle", opening);
  return () => dialog.removeEventListener("beforetoggle", opening);
}

function fill(dialog) {
  dialog.querySelector("[data-shortcuts-off]").hidden = document.documentElement.dataset.shortcuts !== "off";
  listShortcuts(dialog.querySelector("[data-shortcuts-list]"));
}

function section(group, list) {
  const part = make("section");
  const rows = make("dl");
  for (const { keys, label } of list) {
    const row = make("div");
    row.append(make("dt", { text: label }), keysOf(keys));
    rows.append(row);
  }
  part.append(make("h3", { text: group }), rows);
  return part;
}

function keysOf(keys) {
  const place = make("dd");
  const parts = keys === " " ? [" "] : keys.split(" ");
  parts.forEach((key, index) => {
    if (index) place.append(" then ");
    place.append(make("kbd", { text: NAMES[key] ?? key, className: "kbd" }));
  });
  return place;
}
