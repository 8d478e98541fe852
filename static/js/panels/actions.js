// What the menu of a panel does, beside the crosshair, the range and the order of the panels.

import { setText } from "../lib/dom.js";
import { copy } from "../lib/clipboard.js";

// Loaded when they are asked for: few readers need them, all wait for what comes with the page
const parts = { files: () => import("./export.js"), table: () => import("./table.js") };

// scene(): what is drawn now; load(panel, {from, to, onPart}): its rows of a stretch at full resolution; say(text, level).
export function panelActions({ scene, load, view, time, page, say, onChange, readout }) {
  const tables = new Map();
  const pair = `${page.y.symbol}-${page.x.symbol}`;
  const words = ({ from, to }) => `${time.span(from, to)} ${page.zone}`;

  async function nameOf(panel, { from, to }, ending) {
    const { fileName, stampOf } = await parts.files();
    const times = panel.isOfTime ? [stampOf(from), stampOf(to)] : [];
    return fileName(pair, panel.key, page.timeframe, ...times) + ending;
  }

  async function png(panel) {
    const { picture, save } = await parts.files();
    const { range } = scene();
    panel.draw(scene());
    const note = [`${page.timeframe} bars`, panel.isOfTime ? words(range) : "", panel.isOfTime ? "" : panel.words?.textContent].filter(Boolean).join(" · ");
    const blob = await picture(panel, { title: `${page.y.symbol} on ${page.x.symbol} · ${panel.title}`, note, legend: panel.legend(), tone: panel.chart.tone });
    save(blob, await nameOf(panel, range, ".png"));
  }

  async function saveCsv(panel) {
    const { csv } = await parts.files();
    const { range } = scene();
    if (!panel.isOfTime) {
      const { name, rows } = panel.rows();
      return keep(csv(panel.columns, rows, { name, timeText: String }), await nameOf(panel, range, ".csv"));
    }
    try {
      const rows = await load(panel, { ...range, onPart: (share) => share < 1 && say(`Preparing the file: ${Math.floor(share * 100)} %`) });
      return await keep(csv(panel.columns, rows), await nameOf(panel, range, ".csv"));
    } catch (error) {
      return say(`The rows of this range could not be loaded. ${error.message}`, "bad");
    }
  }

  async function keep(text, name) {
    const { save } = await parts.files();
    save(new Blob([text], { type: "text/csv" }), name);
  }

  async function tell(text, what) {
    if (await copy(text)) say(`${what} copied.`, "good");
    else say(`The browser did not allow copying. ${what}: ${text}`, "warn");
  }

  // The panel as rows instead of the picture, or back.
  async function table(panel) {
    const { mountTable } = await parts.table();
    const isShown = !tables.has(panel.key);
    panel.table.hidden = !isShown;
    panel.box.hidden = isShown;
    setText(panel.element.querySelector("[data-table-words]"), isShown ? "Show as chart" : "Show as table");
    if (isShown) tables.set(panel.key, tableOf(panel, mountTable));
    else closeTable(panel.key);
    onChange();
    (isShown ? panel.table : panel.box).focus();
  }

  function tableOf(panel, mountTable) {
    return mountTable(panel.table, {
      title: panel.title,
      columns: () => panel.columns,
      load: (stretch) => load(panel, stretch),
      range: () => rowsRange(panel),
      step: page.step,
      stamp: () => panel.stamp(scene()).join(),
      time,
      rows: panel.rows,
    });
  }

  // The newest page begins with the newest row.
  function rowsRange({ key }) {
    const { range, source } = scene();
    return key === "candles" || source.newest === null ? range : { ...range, to: Math.min(range.to, source.newest) };
  }

  function closeTable(key) {
    tables.get(key)?.unmount();
    tables.delete(key);
  }

  // A part that cannot be loaded is of an older version of the site, or there is no network.
  const told = (act) => async (...args) => {
    try {
      return await act(...args);
    } catch (error) {
      return say(`That did not work: ${error.message} Reload the page and try again.`, "bad");
    }
  };

  return {
    acts: { png: told(png), csv: told(saveCsv), table: told(table), values: told(() => tell(readout.text, "Values")) },
    copyLink: told((isFixed) => tell(view.link(isFixed ? { fixed: scene().range } : {}), isFixed ? "Link to this range" : "Link that follows now")),
    isTable: (key) => tables.has(key),
    paint: () => tables.forEach((each) => each.paint()),
    unmount: () => [...tables.keys()].forEach(closeTable),
  };
}
