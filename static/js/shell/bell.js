// The bell: what happened to the user's symbols, fetched when it is opened, and its count when the page is looked at again.

import { setText } from "../lib/dom.js";
import { post } from "../lib/post.js";
import { hearVersion } from "./version.js";

const OLD_MS = 60_000;

export function mount(form) {
  const button = form.querySelector("button");
  const badge = form.querySelector("[data-bell-count]");
  const spoken = form.querySelector("[data-bell-words]");
  const menu = document.getElementById("bell-menu");
  const place = menu.querySelector("[data-bell-list]");
  let fetchedAt = Date.now();

  function count(unread) {
    badge.hidden = !unread;
    setText(badge, String(unread));
    setText(spoken, unread ? `, ${unread} unread` : "");
  }

  async function load() {
    const response = hearVersion(await fetch(form.dataset.url, { cache: "no-store" }).catch(() => null));
    if (!response?.ok || response.redirected) return null;
    fetchedAt = Date.now();
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body.firstElementChild;
    count(Number(fresh.dataset.unread));
    return fresh;
  }

  async function fill() {
    const fresh = await load();
    if (!fresh) return place.replaceChildren(sentence("The notices could not be fetched. Close this and open it again."));
    place.replaceChildren(fresh);
    await post(form.action, { until: fresh.dataset.until }).then(() => count(0), () => null);
  }

  function toggle(event) {
    event.preventDefault();
    if (menu.matches(":popover-open")) return menu.hidePopover();
    place.replaceChildren(sentence("Asking the server…"));
    menu.showPopover({ source: button });
    return fill();
  }
  const opened = (event) => button.setAttribute("aria-expanded", String(event.newState === "open"));
  const looked = () => !document.hidden && Date.now() - fetchedAt > OLD_MS && load();

  form.addEventListener("submit", toggle);
  menu.addEventListener("toggle", opened);
  document.addEventListener("visibilitychange", looked);
  return () => {
    form.removeEventListener("submit", toggle);
    menu.removeEventListener("toggle", opened);
    document.removeEventListener("visibilitychange", looked);
  };
}

function sentence(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "empty";
  paragraph.textContent = text;
  return paragraph;
}
