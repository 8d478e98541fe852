// A page that refreshes its tables over plain HTTP, so that it also works while the socket is down.

import { age } from "../lib/format.js";
import { isStale } from "../lib/clock.js";
import { setText } from "../lib/dom.js";
import { hearVersion } from "./version.js";

const EVERY_MS = 5_000;

export function mount(element) {
  let refreshedAt = Date.now();

  async function refresh() {
    if (document.hidden) return;
    const response = hearVersion(await fetch(element.dataset.url, { cache: "no-store" }).catch(() => null));
    if (!response?.ok || response.redirected) return;
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelectorAll("tbody");
    element.querySelectorAll("tbody").forEach((body, index) => body.replaceChildren(...fresh[index].children));
    refreshedAt = Date.now();
  }

  function showAge() {
    const passed = Date.now() - refreshedAt;
    const text = element.querySelector("[data-refreshed]");
    text.classList.toggle("is-stale", isStale(passed, EVERY_MS));
    setText(text, `${isStale(passed, EVERY_MS) ? "Stale, updated" : "updated"} ${age(passed)} ago`);
  }

  const timers = [setInterval(refresh, EVERY_MS), setInterval(showAge, 1_000)];
  return () => timers.forEach(clearInterval);
}
