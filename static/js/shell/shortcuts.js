// Keys that act: one registry for all pages. A key, or two in turn ("g d").

const WAIT_MS = 1_500;
const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=range]), textarea, select, [contenteditable='true']";
// These keys press what has the focus
const PRESSED = "button, a[href], summary, input, [role=button], [role=option], [tabindex]:not([tabindex='-1'])";
const PRESSING = [" ", "Enter"];

export class Shortcuts {
  #lists = new Set();
  #first = null;
  #isOff;

  // `isOff` asks whether single keys are switched off.
  constructor({ isOff = () => false } = {}) {
    this.#isOff = isOff;
  }

  // Each { keys, label, group, run }; the newest registration of a key goes first. `run` returns false when there was nothing to do.
  register(list) {
    const own = [...list];
    this.#lists.add(own);
    return () => this.#lists.delete(own);
  }

  get groups() {
    const groups = new Map();
    for (const shortcut of [...this.#lists].flat()) {
      const group = groups.get(shortcut.group) ?? groups.set(shortcut.group, []).get(shortcut.group);
      if (!group.some(({ keys, label }) => keys === shortcut.keys && label === shortcut.label)) group.push(shortcut);
    }
    return groups;
  }

  // True when the key did something.
  press(event) {
    if (!this.#isMeant(event)) return false;
    const key = keyOf(event);
    const sequence = this.#first && event.timeStamp - this.#first.at <= WAIT_MS ? `${this.#first.key} ${key}` : null;
    this.#first = null;
    if (sequence && this.#run(sequence, event)) return true;
    if (this.#run(key, event)) return true;
    if (!this.#newestFirst().some(({ keys }) => keys.startsWith(`${key} `) && keys.length > 2)) return false;
    this.#first = { key, at: event.timeStamp };
    return true;
  }

  #run(keys, event) {
    return this.#newestFirst().some((shortcut) => shortcut.keys === keys && shortcut.run(event) !== false);
  }

  #newestFirst() {
    return [...this.#lists].reverse().flat();
  }

  #isMeant(event) {
    if (event.defaultPrevented || event.repeat || event.isComposing) return false;
    if (event.ctrlKey || event.altKey || event.metaKey || MODIFIERS.includes(event.key)) return false;
    if (event.key.length === 1 && this.#isOff()) return false;
    if (event.target?.closest?.(FIELDS)) return false;
    return !(PRESSING.includes(event.key) && event.target?.closest?.(PRESSED));
  }
}

const MODIFIERS = ["Shift", "CapsLock", "Control", "Alt", "Meta", "AltGraph"];

// Caps Lock is not meant; Shift makes another key of it.
function keyOf({ key, shiftKey }) {
  return shiftKey ? key : key.length === 1 ? key.toLowerCase() : key;
}

const shortcuts = new Shortcuts({ isOff: () => document.documentElement.dataset.shortcuts === "off" });

export function registerShortcuts(list) {
  return shortcuts.register(list);
}

export function shortcutGroups() {
  return shortcuts.groups;
}

export function mountShortcuts(root = document) {
  function press(event) {
    // What a dialog covers does not act
    if (root.querySelector("dialog:modal")) return;
    if (shortcuts.press(event)) event.preventDefault();
  }
  root.addEventListener("keydown", press);
  return () => root.removeEventListener("keydown", press);
}
