// Which panels are shown and in which order: buttons, and by drag. It is part of the view.

// The order after moving one panel by a step among those that are shown.
export function moved(keys, key, by) {
  const at = keys.indexOf(key);
  const to = at + by;
  if (at < 0 || to < 0 || to >= keys.length) return keys;
  const next = [...keys];
  next.splice(at, 1);
  next.splice(to, 0, key);
  return next;
}

export function toggled(keys, key, all) {
  return keys.includes(key) ? keys.filter((each) => each !== key) : all.filter((each) => each === key || keys.includes(each));
}

export function mountLayout(root, { view, all }) {
  const grid = root.querySelector("[data-panels]");
  const panels = new Map([...grid.querySelectorAll("[data-panel]")].map((panel) => [panel.dataset.panel, panel]));
  const boxes = new Map([...root.querySelectorAll("[data-show-panel]")].map((box) => [box.dataset.showPanel, box]));
  const none = root.querySelector("[data-no-panels]");
  let dragged = null;

  function show() {
    const keys = view.get().panels ?? all;
    for (const [key, panel] of panels) panel.hidden = !keys.includes(key);
    for (const [key, box] of boxes) box.checked = keys.includes(key);
    // Moving an element loses its focus, so only those that stand elsewhere are moved
    const wanted = [...keys.map((key) => panels.get(key)).filter(Boolean), ...[...panels.values()].filter((panel) => panel.hidden)];
    const focused = document.activeElement;
    wanted.forEach((panel, index) => grid.children[index] !== panel && grid.insertBefore(panel, grid.children[index]));
    if (grid.contains(focused) && document.activeElement !== focused) focused.focus();
    none.hidden = keys.length > 0;
  }

  const set = (panels) => view.set({ panels });
  const keys = () => [...(view.get().panels ?? all)];
  const choose = (event) => event.target.dataset.showPanel && set(toggled(keys(), event.target.dataset.showPanel, all));

  function begin(event) {
    dragged = event.target.closest("[data-drag]")?.closest("[data-panel]")?.dataset.panel ?? null;
    if (dragged) event.dataTransfer.effectAllowed = "move";
    else event.preventDefault();
  }

  function over(event) {
    const target = event.target.closest("[data-panel]");
    if (!dragged || !target) return;
    event.preventDefault();
    mark(target.dataset.panel === dragged ? null : target);
  }

  function mark(target) {
    for (const panel of panels.values()) panel.classList.toggle("is-target", panel === target);
  }

  function end() {
    dragged = null;
    mark(null);
  }

  function drop(event) {
    const target = event.target.closest("[data-panel]")?.dataset.panel;
    if (!dragged || !target) return;
    event.preventDefault();
    const shown = keys();
    set(moved(shown, dragged, shown.indexOf(target) - shown.indexOf(dragged)));
    end();
  }

  const listeners = [[root, "change", choose], [grid, "dragstart", begin], [grid, "dragover", over], [grid, "drop", drop], [grid, "dragend", end]];
  for (const [element, type, listener] of listeners) element.addEventListener(type, listener);
  show();
  return {
    show,
    move: (key, by) => set(moved(keys(), key, by)),
    // The focus goes to where the panel can be had again.
    hide(key) {
      set(keys().filter((each) => each !== key));
      root.querySelector('[popovertarget="panels-menu"]').focus();
    },
    unmount: () => listeners.forEach(([element, type, listener]) => element.removeEventListener(type, listener)),
  };
}
