// How the reader likes the pages: acts on this page at once, and is kept on the server.

import { post } from "../lib/post.js";
import { hearVersion } from "./version.js";

const SHOWN = {
  theme: (root, value) => (root.dataset.theme = value),
  density: (root, value) => (root.dataset.density = value),
  palette: (root, value) => (root.dataset.palette = value),
  has_shortcuts: (root, value) => (root.dataset.shortcuts = value === "true" ? "on" : "off"),
  is_sidebar_open: (root, value) => (root.dataset.sidebar = value === "true" ? "open" : "closed"),
};
const COLOURS = ["theme", "density", "palette"];

// Charts hear `themechange` when colours or sizes differ.
export function show(values, root = document.documentElement) {
  for (const [name, value] of Object.entries(values)) SHOWN[name]?.(root, value);
  if (COLOURS.some((name) => name in values)) document.dispatchEvent(new Event("themechange"));
}

// What the server refuses is thrown as PostError; the page keeps what it shows.
export async function keep(values) {
  return hearVersion(await post("/preferences/", values, { keepalive: true }));
}

export function prefer(values) {
  show(values);
  return keep(values).catch(() => null);
}
