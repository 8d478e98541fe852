// The settings of the pair: another timeframe brings its own default windows, what is on screen is cleared as soon as
// other settings are asked for, and what only this page holds of the view goes along.

// Field of the form, and its name among the default windows
const WINDOWS = { win: "hedge_window", zwin: "z_window", cwin: "correlation_window" };

export function mountSettings(root, page, { view, onLeave }) {
  const form = root.querySelector("#settings");
  const links = [...root.querySelectorAll("[data-timeframe]")];
  const saving = root.querySelector("#save-view");

  function suggest() {
    const defaults = page.windows[form.elements.tf.value];
    for (const [field, name] of Object.entries(WINDOWS)) form.elements[field].value = defaults[name];
  }

  // Thresholds, panels and range stay; what is computed comes from the form.
  function apply() {
    for (const [name, value] of viewParams(page, view)) {
      if (form.elements[name]) continue;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    onLeave();
  }

  function follow(event) {
    const url = new URL(event.currentTarget.href);
    for (const [name, value] of viewParams(page, view)) if (!url.searchParams.has(name)) url.searchParams.set(name, value);
    event.currentTarget.href = url;
    if (!event.metaKey && !event.ctrlKey && !event.shiftKey) onLeave();
  }

  function name() {
    const url = new URL(view.link());
    saving.elements.address.value = url.pathname + url.search;
  }

  const listeners = [[form.elements.tf, "change", suggest], [form, "submit", apply], [saving, "submit", name], ...links.map((link) => [link, "click", follow])];
  for (const [element, type, listener] of listeners) element.addEventListener(type, listener);
  return () => listeners.forEach(([element, type, listener]) => element.removeEventListener(type, listener));
}

function viewParams(page, view) {
  const spec = new Set(Object.keys(page.link.params));
  return [...view.query()].filter(([name]) => !spec.has(name) && name !== "mode");
}
