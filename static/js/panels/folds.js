// On a phone all panels but the first ones are closed under their headings; what the reader opened or closed is remembered.

const KEY = "livepairs.panels";
const PHONE = "(max-width: 640px)";

// A panel with data-folded is closed at first. Style sheets do the same before this module runs.
export function mountFolds(root, { onChange, storage = () => globalThis.localStorage }) {
  const panels = [...root.querySelectorAll("[data-panel]")];
  const phone = matchMedia(PHONE);
  const chosen = read(storage);

  const isOpen = (panel) => chosen[panel.dataset.panel] ?? !("folded" in panel.dataset);

  function show() {
    for (const panel of panels) {
      panel.classList.toggle("is-open", isOpen(panel));
      panel.classList.toggle("is-closed", !isOpen(panel));
      panel.querySelector('[data-act="fold"]').setAttribute("aria-expanded", String(isOpen(panel) || !phone.matches));
    }
    onChange();
  }

  phone.addEventListener("change", show);
  show();
  return {
    toggle(panel) {
      chosen[panel.dataset.panel] = !isOpen(panel);
      write(storage, chosen);
      show();
    },
    unmount: () => phone.removeEventListener("change", show),
  };
}

function read(storage) {
  try {
    return JSON.parse(storage().getItem(KEY)) ?? {};
  } catch {
    // Where a browser keeps nothing, even asking for the store is an error
    return {};
  }
}

function write(storage, chosen) {
  try {
    storage().setItem(KEY, JSON.stringify(chosen));
  } catch {
    // The choice lasts as long as the page
  }
}
