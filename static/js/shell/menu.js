// Menus and popups: placed beside their button, and walked through by arrow keys. Opening and closing is the browser's.

const GAP = 4;
const EDGE = 8;
const LEAST_ROOM = 220;

// Where a menu goes for a button; all sides from the edges of the window, so that its size need not be known.
export function placeBeside(button, { width, height }) {
  const isLow = height - button.bottom < LEAST_ROOM && button.top > height - button.bottom;
  const isRight = button.left + button.right > width;
  return {
    top: isLow ? "auto" : `${button.bottom + GAP}px`,
    bottom: isLow ? `${height - button.top + GAP}px` : "auto",
    left: isRight ? "auto" : `${Math.max(EDGE, button.left)}px`,
    right: isRight ? `${Math.max(EDGE, width - button.right)}px` : "auto",
    maxHeight: `${(isLow ? button.top : height - button.bottom) - GAP - EDGE}px`,
  };
}

export function mountMenus(root = document) {
  let invoker = null;
  const isPlaced = (element) => element.matches?.(".menu, .popup");

  function pressed(event) {
    invoker = event.target.closest?.("button") ?? null;
  }
  function opening(event) {
    const menu = event.target;
    if (event.newState !== "open" || !isPlaced(menu)) return;
    const button = event.source ?? buttonOf(menu);
    if (button) Object.assign(menu.style, placeBeside(button.getBoundingClientRect(), { width: innerWidth, height: innerHeight }));
  }
  function buttonOf(menu) {
    if (invoker?.isConnected) return invoker;
    return [...root.querySelectorAll(`[popovertarget="${menu.id}"]`)].find((button) => button.offsetParent !== null);
  }
  function walk(event) {
    const menu = event.target.closest?.(".menu");
    if (!menu || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = [...menu.querySelectorAll("a, button")].filter((item) => item.offsetParent !== null || item.getClientRects().length);
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? items.length - 1 : at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined || !items.length) return;
    event.preventDefault();
    items[(next + items.length) % items.length].focus();
  }
  // From the button that opened it, the arrow leads into the menu
  function enter(event) {
    if (event.key !== "ArrowDown") return;
    const menu = root.getElementById(event.target.getAttribute?.("popovertarget") ?? "");
    if (!menu?.matches(".menu:popover-open")) return;
    event.preventDefault();
    menu.querySelector("a, button")?.focus();
  }

  root.addEventListener("click", pressed, true);
  root.addEventListener("beforetoggle", opening, true);
  root.addEventListener("keydown", walk);
  root.addEventListener("keydown", enter);
  return () => {
    root.removeEventListener("click", pressed, true);
    root.removeEventListener("beforetoggle", opening, true);
    root.removeEventListener("keydown", walk);
    root.removeEventListener("keydown", enter);
  };
}
