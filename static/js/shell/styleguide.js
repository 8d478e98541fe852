// The style guide: looks switch for this page only, and samples of what appears by itself.

import { setText } from "../lib/dom.js";
import { show } from "./preferences.js";
import { toast } from "./toasts.js";
import { hear } from "./version.js";

const WORDS = {
  info: "The report is being computed.",
  good: "BTCUSDT on ETHUSDT is on your list.",
  warn: "No trade of ETHUSDT for 15 s.",
  bad: "The exchange refuses the connection.",
};

export function mount(root) {
  const looks = [...root.querySelectorAll("[data-look]")];

  function press(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { look, toast: level, withUndo } = button.dataset;
    if (look) show({ [look]: button.value });
    if (level) toast({ text: WORDS[level], level, action: withUndo === undefined ? undefined : { label: "Undo", run() {} } });
    if ("showVersion" in button.dataset) hear("another");
  }
  function paint() {
    for (const button of looks) button.setAttribute("aria-pressed", String(document.documentElement.dataset[button.dataset.look] === button.value));
  }
  function fillToast(place) {
    const { toastSample: level } = place.dataset;
    place.firstElementChild.dataset.level = level;
    setText(place.querySelector("[data-toast-text]"), WORDS[level]);
  }

  root.querySelectorAll("[data-toast-sample]").forEach(fillToast);
  root.addEventListener("click", press);
  document.addEventListener("themechange", paint);
  paint();
  return () => {
    root.removeEventListener("click", press);
    document.removeEventListener("themechange", paint);
  };
}
