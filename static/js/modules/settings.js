// The settings of the pair: another timeframe brings its own default windows, and what is on screen
// is cleared as soon as other settings are asked for.

const WINDOWS = ["hedge_window", "z_window", "correlation_window"];

export function mountSettings(form, page, { onLeave }) {
  function suggest() {
    const defaults = page.windows[form.elements.timeframe.value];
    for (const name of WINDOWS) form.elements[name].value = defaults[name];
  }
  form.elements.timeframe.addEventListener("change", suggest);
  form.addEventListener("submit", onLeave);
  return () => {
    form.elements.timeframe.removeEventListener("change", suggest);
    form.removeEventListener("submit", onLeave);
  };
}
