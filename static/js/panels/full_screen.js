// One panel on the whole screen, with the buttons and the read-out above it.

// root: the element that holds them all. Browsers without the interface get a layer over the page.
export function mountFullScreen(root, { onChange }) {
  let key = null;

  function set(next) {
    key = next;
    root.classList.toggle("is-full", key !== null);
    for (const panel of root.querySelectorAll("[data-panel]")) panel.classList.toggle("is-alone", panel.dataset.panel === key);
    for (const button of root.querySelectorAll('[data-act="full"]')) {
      button.setAttribute("aria-pressed", String(button.closest("[data-panel]")?.dataset.panel === key));
    }
    onChange();
  }

  async function toggle(wanted) {
    if (key !== null) return leave();
    set(wanted);
    await root.requestFullscreen?.().catch(() => {});
    return undefined;
  }

  // False when nothing was on the whole screen.
  function leave() {
    if (key === null) return false;
    if (document.fullscreenElement === root) document.exitFullscreen();
    set(null);
    return true;
  }

  const changed = () => document.fullscreenElement !== root && key !== null && set(null);
  document.addEventListener("fullscreenchange", changed);
  return {
    toggle,
    leave,
    get key() {
      return key;
    },
    unmount() {
      leave();
      document.removeEventListener("fullscreenchange", changed);
    },
  };
}
