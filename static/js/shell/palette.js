// The search for pairs and commands: a combobox over a list. `/` and Ctrl+K open it.

import { make, setText } from "../lib/dom.js";
import { openDialog } from "./dialog.js";
import { matching, pieces } from "./matching.js";
import { Recent } from "./recent.js";
import { hearVersion } from "./version.js";

const PAUSE_MS = 120;
const MOST_COMMANDS = 8;
const commands = new Set();

// Each { label, hint, run } or { label, hint, href }; returns what takes them away again.
export function registerCommands(list) {
  const own = [...list];
  commands.add(own);
  return () => commands.delete(own);
}

let open = () => false;

export function openPalette() {
  return open();
}

export function mountPalette(dialog, { fetcher = fetch, go = (href) => location.assign(href) } = {}) {
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const say = dialog.querySelector("[data-palette-say]");
  const bar = say.parentElement;
  const again = dialog.querySelector("[data-palette-again]");
  const recent = new Recent(dialog.dataset.user);
  let asked = null;
  let timer = null;
  let options = [];
  let current = 0;

  function show() {
    field.value = "";
    openDialog(dialog);
    field.focus();
    paint([]);
    search();
  }

  // The pause spares the server; the list of commands follows each key.
  function typed() {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE_MS);
  }

  async function search() {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const query = field.value.trim();
    try {
      const address = `${dialog.dataset.url}?${new URLSearchParams({ q: query })}`;
      const response = hearVersion(await fetcher(address, { signal, headers: { Accept: "application/json" } }));
      if (!response.ok) throw new Error(String(response.status));
      const { results } = await response.json();
      if (!signal.aborted) paint(results);
    } catch (error) {
      if (!signal.aborted) paint([], `The search for pairs failed (${reason(error)}). Commands work.`);
    }
  }

  function paint(pairs, problem = "") {
    const query = field.value.trim();
    const groups = [
      ["Pairs", query ? pairs : newestFirst(recent.list, pairs)],
      ["Commands", matching([...commands].flat(), query).slice(0, MOST_COMMANDS)],
    ];
    options = [];
    list.replaceChildren(...groups.filter(([, items]) => items.length).map(([title, items]) => group(title, items, query)));
    choose(0);
    tell(problem || words(options.length, query), Boolean(problem));
  }

  function group(title, items, query) {
    const id = `palette-${title.toLowerCase()}`;
    const part = make("div", { attributes: { role: "group", "aria-labelledby": id } });
    part.append(make("div", { text: title, className: "palette-group", attributes: { id, role: "presentation" } }));
    part.append(...items.map((item) => option(item, query)));
    return part;
  }

  function option(item, query) {
    const element = make("div", {
      className: "palette-option",
      attributes: { role: "option", id: `palette-option-${options.length}`, "aria-selected": "false" },
    });
    const text = make("span", { className: "palette-option-text" });
    for (const piece of pieces(item.label, query)) text.append(piece.isMatch ? make("mark", { text: piece.text }) : piece.text);
    element.append(text);
    const hint = item.detail ?? item.hint;
    if (hint) element.append(" ", make("span", { text: hint, className: "palette-option-hint" }));
    options.push({ item, element });
    return element;
  }

  function choose(index) {
    options[current]?.element.setAttribute("aria-selected", "false");
    current = options.length ? (index + options.length) % options.length : 0;
    const chosen = options[current]?.element;
    if (!chosen) return field.removeAttribute("aria-activedescendant");
    chosen.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", chosen.id);
    return chosen.scrollIntoView({ block: "nearest" });
  }

  function take(index) {
    const item = options[index]?.item;
    if (!item) return;
    dialog.close();
    if (item.run) return item.run();
    if (item.href.startsWith("/pairs/")) recent.add(item);
    go(item.href);
  }

  function tell(text, isError) {
    setText(say, text);
    bar.toggleAttribute("data-is-error", isError);
    again.hidden = !isError;
  }

  function key(event) {
    if (event.isComposing) return;
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, PageDown: Math.min(current + 5, options.length - 1), PageUp: Math.max(current - 5, 0) };
    if (event.key in moves) choose(moves[event.key]);
    else if (event.key === "Enter") take(current);
    else return;
    event.preventDefault();
  }
  const indexOf = (event) => options.findIndex(({ element }) => element.contains(event.target));
  function click(event) {
    take(indexOf(event));
  }
  // A list that comes up under a resting pointer chooses nothing
  function point(event) {
    if (event.movementX || event.movementY) hover(indexOf(event));
  }
  function hover(index) {
    if (index >= 0 && index !== current) choose(index);
  }
  const stop = () => {
    clearTimeout(timer);
    asked?.abort();
  };

  open = show;
  const listeners = [
    [field, "input", typed],
    [field, "keydown", key],
    [list, "click", click],
    [list, "pointermove", point],
    [again, "click", search],
    [dialog, "close", stop],
  ];
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener);
  return () => {
    stop();
    open = () => false;
    for (const [target, name, listener] of listeners) target.removeEventListener(name, listener);
  };
}

// Ctrl+K and Cmd+K work in fields too, and where single keys are switched off.
export function mountPaletteKey(root = document) {
  function press(event) {
    const isAsked = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isAsked || root.querySelector("dialog:modal:not(#palette)")) return;
    if (open() !== false) event.preventDefault();
  }
  root.addEventListener("keydown", press);
  return () => root.removeEventListener("keydown", press);
}

// Without JavaScript the form leads to the search page.
export function mountSearchButton(form) {
  function submit(event) {
    if (open() !== false) event.preventDefault();
  }
  form.addEventListener("submit", submit);
  return () => form.removeEventListener("submit", submit);
}

function newestFirst(recent, pairs) {
  const known = new Set(recent.map(({ href }) => href));
  return [...recent, ...pairs.filter(({ href }) => !known.has(href))];
}

function words(count, query) {
  if (count) return `${count} ${count === 1 ? "result" : "results"}`;
  return query ? "Nothing matches. Try a part of one or two symbols, like btc eth." : "Type a part of one or two symbols, like btc eth.";
}

function reason(error) {
  return /^\d+$/.test(error.message) ? `the server answered ${error.message}` : "the server cannot be reached";
}
