// The side bar: open or icons only on wide screens, a drawer on small ones.

import { prefer } from "./preferences.js";

const root = globalThis.document?.documentElement;

export function toggleSidebar() {
  const isOpen = root.dataset.sidebar !== "open";
  for (const button of document.querySelectorAll("[data-module=sidebar] button")) {
    button.setAttribute("aria-expanded", String(isOpen));
    button.title = `${isOpen ? "Close" : "Open"} the side bar`;
  }
  return prefer({ is_sidebar_open: String(isOpen) });
}

export function mount(form) {
  const drawer = document.getElementById("sidebar");
  const wide = matchMedia("(min-width: 821px)");

  function toggle(event) {
    event.preventDefault();
    toggleSidebar();
  }
  // In the top layer a column would lie over the page
  const widened = () => wide.matches && drawer.hidePopover();

  form.addEventListener("submit", toggle);
  wide.addEventListener("change", widened);
  return () => {
    form.removeEventListener("submit", toggle);
    wide.removeEventListener("change", widened);
  };
}
