// The watch list: each row live by its own small topic. New numbers never move a row until the reader sorts again.

import { setText } from "../lib/dom.js";
import { sparkline } from "../lib/sparkline.js";
import { moved, ordered, sortKeys, watchFigures } from "./watch_rows.js";

const YEAR_S = 31_536_000;

// rows: [{id, topic, step}] as the server listed them.
export function mountWatchlist(root, rows, { live, clock, onChange }) {
  const panel = root.querySelector("#watchlist");
  const body = panel.querySelector("tbody");
  const order = panel.querySelector("[data-watch-order]");
  const openButton = root.querySelector("[data-watch-open]");
  const list = rows.map((row) => {
    const element = body.querySelector(`[data-watch="${row.id}"]`);
    const part = (name) => element.querySelector(`[data-watch-${name}]`);
    const parts = { z: part("z"), spark: part("spark"), pvalue: part("pvalue"), halfLife: part("half-life"), age: part("age") };
    return { ...row, element, parts, store: live.add(row.topic, { onChange }) };
  });
  let sort = new URLSearchParams(location.search).get("sort") ?? "";

  function paint() {
    const now = clock.now();
    for (const row of list) show(row, now);
    if (!sort) return;
    const count = moved(shownIds(), wantedIds());
    order.hidden = count === 0;
    if (count) setText(order.querySelector("[data-watch-moved]"), `${count} rows changed order:`);
  }

  function show({ element, parts, store, step }, now) {
    const figures = watchFigures(store.data, { step, now });
    setText(parts.z, figures.z);
    parts.z.title = figures.why ?? "";
    parts.z.classList.toggle("is-warming", Boolean(figures.isWarming));
    setText(parts.pvalue, figures.pvalue);
    setText(parts.halfLife, figures.half_life);
    setText(parts.age, figures.age);
    element.classList.toggle("is-stale", figures.isStale);
    if (parts.spark.dataset.seq !== String(store.seq)) {
      parts.spark.dataset.seq = store.seq;
      parts.spark.setAttribute("d", sparkline(store.data?.spark ?? []));
    }
  }

  const shownIds = () => [...body.children].map((element) => Number(element.dataset.watch));
  const keyed = () => list.map((row) => ({ ...row, key: sortKeys(row.element.dataset.name, row.store.data, row.step) }));
  const wantedIds = () => ordered(keyed(), sort).map(({ id }) => id);

  function resort() {
    const focused = document.activeElement;
    body.append(...ordered(keyed(), sort).map(({ element }) => element));
    if (body.contains(focused)) focused.focus();
    order.hidden = true;
  }

  function choose(event) {
    const button = event.target.closest("[data-sort]");
    if (!button) return;
    const { sort: name } = button.dataset;
    sort = sort === name ? `-${name}` : sort === `-${name}` ? name : name === "z" ? "-z" : name;
    const url = new URL(location.href);
    url.searchParams.set("sort", sort);
    history.replaceState(history.state, "", url);
    showSort();
    resort();
  }

  function showSort() {
    for (const button of panel.querySelectorAll("[data-sort]")) {
      const own = sort.replace("-", "") === button.dataset.sort;
      button.closest("th").setAttribute("aria-sort", own ? (sort.startsWith("-") ? "descending" : "ascending") : "none");
    }
  }

  function setOpen(isOpen) {
    panel.hidden = !isOpen;
    openButton.hidden = isOpen;
    document.cookie = `watchlist=${isOpen ? "open" : "closed"}; path=/; max-age=${YEAR_S}; samesite=lax`;
    (isOpen ? panel.querySelector("[data-watch-close]") : openButton).focus();
  }

  // Address of the pair before (-1) or after (1) the current one.
  function neighbour(by) {
    const links = [...body.querySelectorAll("th a")];
    const at = links.findIndex((link) => link.hasAttribute("aria-current"));
    return links[(at + by + links.length) % links.length]?.href;
  }

  const close = () => setOpen(false);
  const open = () => setOpen(true);
  const closeButton = panel.querySelector("[data-watch-close]");
  const again = panel.querySelector("[data-watch-resort]");
  const listeners = [[panel, choose], [closeButton, close], [openButton, open], [again, resort]];
  listeners.forEach(([element, listener]) => element.addEventListener("click", listener));
  showSort();

  return {
    paint,
    neighbour,
    unmount: () => listeners.forEach(([element, listener]) => element.removeEventListener("click", listener)),
  };
}
