// The page of tokens: copy what is shown, and ask once before a new token is left behind uncopied.

import { copy } from "../lib/clipboard.js";
import { setText } from "../lib/dom.js";

const SHOWN_MS = 2_000;

export function mount(root) {
  let isAtRisk = Boolean(root.querySelector("[data-made]"));

  async function click(event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = root.querySelector(`#${button.dataset.copy}`);
    const isDone = await copy(source.value ?? source.textContent);
    if (isDone) isAtRisk = false;
    setText(button, isDone ? "Copied" : "Select it and copy by hand");
    setTimeout(() => setText(button, "Copy"), SHOWN_MS);
  }

  function leave(event) {
    if (isAtRisk) event.preventDefault();
    isAtRisk = false;
  }

  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
  root.querySelector("#secret")?.select();
  // A link that opens a dialog here asks on a page of its own without this script
  const openers = (event) => event.target.closest("a[data-open]") && event.preventDefault();
  root.addEventListener("click", openers);
  root.addEventListener("click", click);
  window.addEventListener("beforeunload", leave);
  return () => {
    root.removeEventListener("click", openers);
    root.removeEventListener("click", click);
    window.removeEventListener("beforeunload", leave);
  };
}
