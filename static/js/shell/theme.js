// The theme button: changes the page at once and keeps the choice on the server.

import { setText } from "../lib/dom.js";
import { prefer } from "./preferences.js";

const NEXT = { system: "dark", dark: "light", light: "system" };
const root = globalThis.document?.documentElement;

export function nextTheme() {
  return prefer({ theme: NEXT[root.dataset.theme] });
}

export function mount(form) {
  const button = form.querySelector("button");
  const word = form.querySelector("[data-theme-word]");
  const system = matchMedia("(prefers-color-scheme: dark)");

  function change(event) {
    event.preventDefault();
    nextTheme();
  }
  function paint() {
    const { theme } = root.dataset;
    button.value = NEXT[theme];
    button.title = `Switch to ${NEXT[theme]}`;
    setText(word, theme);
  }
  const systemChanged = () => document.dispatchEvent(new Event("themechange"));

  form.addEventListener("submit", change);
  document.addEventListener("themechange", paint);
  system.addEventListener("change", systemChanged);
  return () => {
    form.removeEventListener("submit", change);
    document.removeEventListener("themechange", paint);
    system.removeEventListener("change", systemChanged);
  };
}
