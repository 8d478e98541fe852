// All charts of the page: one range, one crosshair, painted together; those out of sight wait until they are seen.

import { extent as extentOf } from "../charts/sample.js";
import { lineChart } from "../charts/line_chart.js";
import { setText } from "../lib/dom.js";
import { registerShortcuts } from "../shell/shortcuts.js";
import { toast } from "../shell/toasts.js";
import { chosen, countAfter, followed, held, panView, zoomView } from "../view/range.js";
import { panelActions } from "./actions.js";
import { mountCrosshair } from "./crosshair.js";
import { KEYS, timePanels } from "./definitions.js";
import { mountGestures } from "./gestures.js";
import { History } from "./history.js";
import { mountKeys } from "./keys.js";
import { mountLayout } from "./layout.js";
import { reportPanels } from "./report_panels.js";
import { Scene } from "./scene.js";
import { mountTape } from "./tape.js";
import { mountToolbar } from "./toolbar.js";

const DESCRIBE_EVERY_MS = 30_000;
const USUAL = { range: "fit", from: null, to: null };

// sources: {spec, bars: {y, x}, prices: {y, x}}; onSeen asks for a paint.
export function mountPanels(root, { page, view, time, sources, clock, onSeen }) {
  const history = {
    spec: new History(page.topic, { onChange: onSeen }),
    y: new History(page.bars.y, { onChange: onSeen }),
    x: new History(page.bars.x, { onChange: onSeen }),
  };
  const tape = view.get().mode === "tick" ? mountTape(root, { page, time, sources, onChange: onSeen }) : null;
  const scene = new Scene({ page, view, sources: { ...sources, ticks: tape?.ticks }, history, clock });
  const charts = timePanels(page).map((panel) => {
    const canvas = root.querySelector(`#chart-${panel.key}`);
    const element = canvas.closest("[data-panel]");
    return { ...panel, canvas, element, box: canvas.parentElement, chart: lineChart(canvas, { ...panel, time, zone: page.zone }) };
  });
  const reports = reportPanels(root, { page });
  const layout = mountLayout(root, { view, all: view.defaults.panels ?? KEYS });
  const say = (text, level = "info") => toast({ text, level });
  const run = panelActions({ scene, panels: [...charts, ...reports.panels], layout, view, time, page, say });
  const toolbar = mountToolbar(root, { view, act: { zoom: (factor) => zoom(factor), follow: toggleFollow, back } });
  const crosshair = mountCrosshair({ readout: root.querySelector("#readout"), speech: root.querySelector("#readout-speech") }, charts, {
    describe: (at) => scene.describe(at, charts, time),
  });
  const historyWords = root.querySelector("[data-history]");
  const seen = new Set();
  let describedAt = -Infinity;
  let mark = null;

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    onSeen();
  });
  [...charts, ...reports.panels].forEach(({ box }) => observer.observe(box));

  // --- the range ------------------------------------------------------------------------------
  function zoom(factor, at = null) {
    view.set(zoomView(view.get(), scene.extent(), factor, at));
  }

  function toggleFollow() {
    view.set(scene.isFollowing ? held(view.get(), scene.extent()) : followed(view.get(), scene.extent()));
  }

  function back() {
    view.set(followed(view.get(), scene.extent()));
  }

  function gestures({ box, chart }) {
    return mountGestures(box, {
      zoom: (factor, x) => zoom(factor, chart.timeAt(x)),
      pan: (from, to) => view.set(panView(view.get(), scene.extent(), chart.timeAt(from) - chart.timeAt(to))),
      choose: (from, to) => view.set(chosen(chart.timeAt(from), chart.timeAt(to), scene.extent())),
      reset: () => view.set(USUAL),
      point: (x, y) => crosshair.point(chart.timeAt(x), y, box),
      leave: () => crosshair.leave(),
      lock: () => crosshair.lock(),
      isFocused: () => document.activeElement === box || document.fullscreenElement?.contains(box),
    });
  }

  // --- the crosshair by key -------------------------------------------------------------------
  function step(by) {
    const { t } = sources.spec;
    if (!t.length) return;
    const now = crosshair.time === null ? t.length - 1 : sources.spec.indexAt(crosshair.time) + by;
    crosshair.move(t[Math.min(t.length - 1, Math.max(0, now))]);
  }

  function edge(which) {
    const { from, to } = scene.range();
    const { t } = sources.spec;
    const index = which === "last" ? sources.spec.indexAt(to) : sources.spec.indexAt(from - 1) + 1;
    if (t.length) crosshair.move(t[Math.min(t.length - 1, Math.max(0, index))]);
  }

  // --- painting -------------------------------------------------------------------------------
  function paint({ isStale = false } = {}) {
    const range = scene.range();
    const { spec } = sources;
    const before = spec.t[0] ?? null;
    const isDescribed = clock.now() - describedAt < DESCRIBE_EVERY_MS && spec.t.length > 1;
    for (const panel of charts) {
      const isSeen = seen.has(panel.box) && !panel.element.hidden && !panel.box.hidden;
      showEmpty(panel);
      if (!isDescribed) panel.canvas.setAttribute("aria-label", describe(panel, range));
      if (!isSeen) continue;
      draw(panel, range, isStale);
      if (!panel.isCandles) history.spec.want(range, before, panel.chart.columns());
      else wantBars(range);
      panel.canvas.dataset.last = newest(panel) ?? "";
    }
    if (!isDescribed) describedAt = clock.now();
    reports.paint(spec.report, seen);
    tape?.paint();
    crosshair.refresh();
    showHistory(range);
    toolbar.paint(fresh());
  }

  function draw(panel, range, isStale) {
    const bars = panel.isCandles ? scene.candles(range) : null;
    const isRebased = view.get().axes === "rebased";
    panel.chart.draw({
      range,
      lines: scene.lines(panel, range, panel.chart.columns()),
      values: view.get(),
      staleFrom: isStale ? (newest(panel) ?? range.from) : null,
      bars,
      titles: panel.key === "prices" ? (isRebased ? { y: "100 at the left edge" } : { y: page.y.symbol, right: page.x.symbol }) : {},
      limits: bars ? { y: limitsOf(bars.bars) } : {},
    });
    if (panel.key === "prices") panel.chart.showAxis("right", !isRebased);
  }

  const barsNow = () => sources.bars[view.get().candles];
  const newest = (panel) => (panel.isCandles ? barsNow() : sources.spec)?.t.at(-1);

  function wantBars(range) {
    const leg = view.get().candles;
    history[leg].want(range, sources.bars[leg]?.t[0] ?? null, 300);
  }

  // Points that came since the reader stopped following.
  function fresh() {
    if (scene.isFollowing) {
      mark = null;
      return { count: 0, isMore: false };
    }
    mark ??= Math.min(sources.spec.t.at(-1) ?? 0, view.get().to);
    return countAfter(sources.spec.t, mark);
  }

  function showHistory({ from }) {
    const { state, earliest } = history.spec;
    const words = { loading: "Loading older data…", failed: "Older data could not be loaded. Trying again by itself." };
    const isBefore = earliest !== null && from < earliest - page.step;
    setText(historyWords, words[state] ?? (isBefore ? `No data before ${time.full(earliest)}.` : ""));
  }

  function showEmpty({ box, series, isCandles }) {
    const text = box.querySelector("[data-empty]");
    const own = series.filter(({ isHelper }) => !isHelper);
    const isEmpty = isCandles ? !barsNow()?.t.length : own.every(({ key }) => !sources.spec[key].some(Number.isFinite));
    if (text.hidden === isEmpty) text.hidden = !isEmpty;
    const reason = isCandles ? "Waiting for the first bars" : (sources.spec.unknown[own[0].key] ?? (sources.spec.t.length ? "No values yet" : "Waiting for the first bars"));
    if (isEmpty) setText(text, reason);
  }

  function describe({ title, series, isCandles }, { from, to }) {
    const { spec } = sources;
    if (isCandles) return `${title} of ${page[view.get().candles].symbol} from ${time.full(from)} to ${time.full(to)}`;
    if (!spec.t.length) return `${title}: no data yet`;
    const words = series.filter(({ isHelper }) => !isHelper).map(({ key, label, write }) => {
      const found = extentOf(spec.t, spec[key], from, to);
      return found ? `${label} last ${write(found.last)}, minimum ${write(found.low)}, maximum ${write(found.high)}` : `${label} unknown`;
    });
    return `${title} from ${time.full(from)} to ${time.full(to)}: ${words.join("; ")}`;
  }

  // --- wiring ---------------------------------------------------------------------------------
  function click(event) {
    const button = event.target.closest("[data-action]");
    if (!button) return;
    run(button.dataset.action, button.closest("[data-panel]")?.dataset.panel ?? charts[0].key);
    button.closest("[popover]")?.hidePopover();
  }

  function changed(state, names) {
    if (names.includes("panels")) layout.show();
    describedAt = -Infinity;
    onSeen();
  }

  const current = () => document.activeElement?.closest?.("[data-panel]")?.dataset.panel ?? charts[0].key;
  const group = "Charts";
  const undo = [
    ...charts.map(gestures),
    ...charts.map(({ box }) => mountKeys(box, { step, edge, zoom })),
    view.subscribe(changed),
    registerShortcuts([
      { keys: "x", label: "Lock or free the crosshair", group, run: () => crosshair.lock() },
      { keys: "Escape", label: "Free the crosshair", group, run: () => crosshair.free() },
      { keys: "f", label: "Full screen", group, run: () => run("full", current()) },
      { keys: "c", label: "Copy a link to this view", group, run: () => run(scene.isFollowing ? "link" : "link-fixed", current()) },
      { keys: "l", label: "Follow live, or hold the range", group, run: toggleFollow },
      { keys: "0", label: "Whole range", group, run: () => view.set(USUAL) },
    ]),
  ];
  root.addEventListener("click", click);

  return {
    paint,
    restyle() {
      for (const { chart } of charts) chart.restyle();
      reports.restyle();
      describedAt = -Infinity;
    },
    unmount() {
      root.removeEventListener("click", click);
      observer.disconnect();
      undo.forEach((undoing) => undoing());
      [crosshair, layout, toolbar, reports, tape].forEach((part) => part?.unmount());
      Object.values(history).forEach((each) => each.stop());
      for (const { chart } of charts) chart.destroy();
    },
  };
}

// Room for the volume below the candles.
function limitsOf(bars) {
  if (!bars.length) return { min: undefined, max: undefined };
  const low = bars.reduce((least, { l }) => Math.min(least, l), Infinity);
  const high = bars.reduce((most, { h }) => Math.max(most, h), -Infinity);
  const span = high - low || Math.abs(high) * 1e-3 || 1;
  return { min: low - 0.3 * span, max: high + 0.05 * span };
}
