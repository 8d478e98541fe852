// The theme button: changes the page at once and keeps the choice on the server.

import { setText } from "../lib/dom.js";

const NEXT = { system: "dark", dark: "light", light: "system" };

export function mount(form) {
  const button = form.querySelector("button");
  const word = form.querySelector("[data-theme-word]");
  const root = document.documentElement;
  const repaint = () => document.dispatchEvent(new Event("themechange"));
  const system = matchMedia("(prefers-color-scheme: dark)");

  function change(event) {
    event.preventDefault();
    const theme = button.value;
    const body = new URLSearchParams(new FormData(form));
    body.set("theme", theme);
    root.dataset.theme = theme;
    button.value = NEXT[theme];
    button.title = `Switch to ${NEXT[theme]}`;
    setText(word, theme);
    repaint();
    fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
  }

  form.addEventListener("submit", change);
  system.addEventListener("change", repaint);
  return () => {
    form.removeEventListener("submit", change);
    system.removeEventListener("change", repaint);
  };
}
