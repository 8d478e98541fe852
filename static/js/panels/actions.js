// What the menu of a panel does.

import { colours } from "../charts/colours.js";
import { setText } from "../lib/dom.js";
import { csv, fileName, picture, save } from "./export.js";
import { table } from "./table.js";

// scene, panels: [{key, title, box, canvas, …}], say(text): a short message to the reader.
export function panelActions({ scene, panels, layout, view, time, page, say }) {
  const byKey = new Map(panels.map((panel) => [panel.key, panel]));
  const columnsOf = (panel) => panel.columns?.() ?? scene.columns(panel, scene.range(), (t) => time.full(t));
  const stretch = () => {
    const { from, to } = scene.range();
    return `${time.full(from)} to ${time.full(to)} ${page.zone}`;
  };
  const titleOf = (panel) => `${page.y.symbol} on ${page.x.symbol} · ${panel.title}`;

  async function png(panel) {
    const tone = colours(["surface", "text", "text-muted"]);
    const blob = await picture(panel.canvas, { title: titleOf(panel), note: `${page.timeframe} bars · ${stretch()}`, tone });
    save(blob, fileName(page.y.symbol, page.x.symbol, panel.key, `${page.timeframe}.png`));
  }

  // At full resolution: what lies before the page's own buffer comes from the server.
  async function file(panel) {
    const range = scene.range();
    const before = scene.sources.spec.t[0] ?? range.to;
    if (panel.columns || panel.isCandles || range.from >= before) return saveCsv(panel, columnsOf(panel));
    const query = new URLSearchParams({ from: Math.round(range.from), to: Math.round(range.to) });
    const response = await fetch(`/api/v1/series/${encodeURIComponent(page.topic)}?${query}`, { cache: "no-store" }).catch(() => null);
    if (!response?.ok) {
      const problem = await response?.json().catch(() => null);
      return say(problem?.what ? `${problem.what} ${problem.mend}` : "The rows of this range could not be fetched. Try again.", "bad");
    }
    return saveCsv(panel, fetched(panel, (await response.json()).columns));
  }

  function fetched({ series }, columns) {
    const own = series.filter(({ isHelper }) => !isHelper);
    const times = [...new Set(own.flatMap(({ key }) => columns[key].t.filter((_, index) => columns[key].v[index] !== null)))].sort((a, b) => a - b);
    const maps = own.map(({ key }) => new Map(columns[key].t.map((t, index) => [t, columns[key].v[index]])));
    return [{ name: "time", values: times }, ...own.map(({ label }, index) => ({ name: label, values: times.map((t) => maps[index].get(t) ?? null) }))];
  }

  function saveCsv(panel, columns) {
    // Times in files are ISO 8601 with their zone, whatever the page shows
    const [times, ...others] = columns;
    const stamped = panel.columns ? times : { name: "time", values: times.values.map((t) => new Date(t).toISOString()) };
    save(new Blob([csv([stamped, ...others])], { type: "text/csv" }), fileName(page.y.symbol, page.x.symbol, panel.key, `${page.timeframe}.csv`));
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
      say(`${what} copied.`, "good");
    } catch {
      say(`The browser did not allow copying. ${what}: ${text}`, "warn");
    }
  }

  function values(panel) {
    const columns = columnsOf(panel);
    const last = columns.map(({ name, values: all, write }) => `${name} ${all.length ? (write ?? String)(all.at(-1)) : "–"}`);
    return copy(last.join("\t"), "Values");
  }

  function showTable(panel) {
    const place = panel.element.querySelector("[data-table]");
    const isShown = place.hidden;
    place.hidden = !isShown;
    panel.box.hidden = isShown;
    const button = panel.element.querySelector('[data-action="table"] [data-words]');
    setText(button, isShown ? "Show as chart" : "Show as table");
    if (!isShown) return place.replaceChildren();
    place.replaceChildren(table(columnsOf(panel).map((column) => ({ write: String, ...column })), panel.title));
    return place.focus();
  }

  async function full(panel) {
    if (document.fullscreenElement) return document.exitFullscreen();
    try {
      return await panel.element.requestFullscreen();
    } catch {
      return say("The browser did not allow full screen.", "warn");
    }
  }

  const actions = {
    png,
    csv: file,
    values,
    table: showTable,
    full,
    link: () => copy(view.link(), "Link that follows now"),
    "link-fixed": () => copy(view.link({ fixed: scene.range() }), "Link to this range"),
    up: ({ key }) => layout.move(key, -1),
    down: ({ key }) => layout.move(key, 1),
    hide: ({ key }) => layout.hide(key),
  };

  return (name, key) => actions[name]?.(byKey.get(key));
}
