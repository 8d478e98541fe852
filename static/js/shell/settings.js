// The settings page: what is chosen acts at once and is kept, with a word beside it.

import { setText } from "../lib/dom.js";
import { keep, show } from "./preferences.js";
import { listShortcuts } from "./shortcut_list.js";

export function mount(root) {
  const zone = root.querySelector("[name=time_zone]");
  const zoneError = root.querySelector("[data-zone-error]");

  async function changed(event) {
    const { name, value, type, checked, form } = event.target;
    if (!name || !form.matches("[data-keep]")) return;
    const values = { [name]: type === "checkbox" ? String(checked) : value };
    show(values);
    await store(values, form.closest("section").querySelector("[data-saved]"), name === "time_zone");
  }

  async function store(values, mark, isZone) {
    setText(mark, "");
    try {
      await keep(values);
      tell(mark, "Saved", false);
      if (isZone) refuse("");
    } catch (error) {
      tell(mark, "Not saved", true);
      if (isZone && error.status === 422) refuse(`There is no time zone “${values.time_zone}”. Choose a name of the list, like UTC or Europe/Berlin.`);
      else refuse("");
    }
  }

  function tell(mark, text, isRefused) {
    setText(mark, text);
    mark.classList.toggle("is-refused", isRefused);
  }

  function refuse(text) {
    setText(zoneError, text);
    zone.toggleAttribute("aria-invalid", Boolean(text));
    if (text) zone.setAttribute("aria-invalid", "true");
  }

  function offerZone() {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const offer = root.querySelector("[data-browser-zone]");
    if (!own || own === zone.value) return;
    setText(offer.querySelector("[data-browser-zone-name]"), own);
    offer.hidden = false;
    offer.querySelector("[data-browser-zone-use]").addEventListener("click", () => {
      zone.value = own;
      offer.hidden = true;
      zone.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // Another button or key may change the theme meanwhile
  function follow() {
    const { theme, density, palette } = document.documentElement.dataset;
    for (const [name, value] of Object.entries({ theme, density, palette })) {
      const choice = root.querySelector(`[name="${name}"][value="${value}"]`);
      if (choice) choice.checked = true;
    }
  }
  const unsent = (event) => event.target.matches("[data-keep]") && event.preventDefault();

  root.addEventListener("change", changed);
  root.addEventListener("submit", unsent);
  document.addEventListener("themechange", follow);
  offerZone();
  // Other modules of the page register theirs first
  queueMicrotask(() => listShortcuts(root.querySelector("[data-shortcuts-list]")));
  return () => {
    root.removeEventListener("change", changed);
    root.removeEventListener("submit", unsent);
    document.removeEventListener("themechange", follow);
  };
}
