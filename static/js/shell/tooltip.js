// The name of an icon: shown for the pointer and for the keyboard, away with Esc. Native titles come late and never for keys.

import { setText } from "../lib/dom.js";

const AFTER_MS = 400;
const NAMED = ".icon-button[title], .icon-button[data-tip], .sidebar a[title], .sidebar a[data-tip]";

export function mountTooltips(tip, root = document) {
  let timer = null;
  let shownFor = null;
  let pressed = null;

  function show(element) {
    if (!element.isConnected || isNamed(element)) return;
    shownFor = element;
    setText(tip, element.dataset.tip);
    tip.showPopover();
    place(element.getBoundingClientRect());
  }
  function place(box) {
    const { width, height } = tip.getBoundingClientRect();
    const isColumn = shownFor.closest(".sidebar");
    const left = isColumn ? box.right + 8 : box.left + (box.width - width) / 2;
    const top = isColumn ? box.top + (box.height - height) / 2 : box.bottom + 6;
    tip.style.left = `${Math.max(6, Math.min(left, innerWidth - width - 6))}px`;
    tip.style.top = `${top + height > innerHeight ? box.top - height - 6 : top}px`;
  }
  function hide() {
    clearTimeout(timer);
    shownFor = null;
    if (tip.matches(":popover-open")) tip.hidePopover();
  }
  function over(event) {
    const element = event.target.closest?.(NAMED);
    if (element === shownFor && element) return;
    hide();
    if (element !== pressed) pressed = null;
    if (!element || pressed || event.pointerType === "touch") return;
    take(element);
    timer = setTimeout(() => show(element), event.type === "focusin" ? 0 : AFTER_MS);
  }
  // Pressed, it has said enough until the pointer comes back
  function press(event) {
    hide();
    pressed = event.target.closest?.(NAMED) ?? null;
  }
  function focused(event) {
    if (event.target.matches?.(":focus-visible")) over(event);
  }
  const escape = (event) => event.key === "Escape" && hide();

  const listeners = [["pointerover", over], ["focusin", focused], ["focusout", hide], ["pointerdown", press], ["keydown", escape], ["scroll", hide]];
  for (const [name, listener] of listeners) root.addEventListener(name, listener, true);
  return () => {
    hide();
    for (const [name, listener] of listeners) root.removeEventListener(name, listener, true);
  };
}

// The browser's own would come as well.
function take(element) {
  if (!element.title) return;
  element.dataset.tip = element.title;
  const isUnnamed = !element.textContent.trim() && !element.hasAttribute("aria-label");
  if (isUnnamed) element.setAttribute("aria-label", element.title);
  element.removeAttribute("title");
}

// The words stand beside the icon already.
function isNamed(element) {
  const word = element.querySelector(".nav-word");
  return Boolean(word && word.getBoundingClientRect().width > 1);
}
