// A button beside a password that shows what was typed.

import { setText } from "../lib/dom.js";

export function mountReveals(root = document) {
  const undo = [...root.querySelectorAll("[data-reveal]")].map((button) => {
    const field = root.getElementById(button.dataset.reveal);
    function toggle() {
      const isShown = field.type === "password";
      field.type = isShown ? "text" : "password";
      button.setAttribute("aria-pressed", String(isShown));
      setText(button, isShown ? "Hide" : "Show");
    }
    // A browser offers to keep passwords of password fields only
    const hide = () => field.type === "text" && toggle();
    button.hidden = false;
    button.setAttribute("aria-label", "Show the password");
    button.addEventListener("click", toggle);
    field.form?.addEventListener("submit", hide);
    return () => {
      button.removeEventListener("click", toggle);
      field.form?.removeEventListener("submit", hide);
    };
  });
  return () => undo.forEach((each) => each());
}
