// All charts of the page: one range, one crosshair, painted together; those out of sight wait until they are seen.

import { Painter } from "../live/painter.js";
import { registerCommands } from "../shell/palette.js";
import { registerShortcuts } from "../shell/shortcuts.js";
import { toast } from "../shell/toasts.js";
import { decimalsOf } from "../lib/format.js";
import { panelActions } from "./actions.js";
import { candlePanel } from "./candle_panel.js";
import { candleAt } from "./bar_source.js";
import { Crosshair } from "./crosshair.js";
import { curvePanels } from "./curve_panels.js";
import { KEYS, lineKinds, writer } from "./definitions.js";
import { mountFolds } from "./folds.js";
import { mountFullScreen } from "./full_screen.js";
import { mountGestures } from "./gestures.js";
import { mountKeys } from "./keys.js";
import { mountLayout } from "./layout.js";
import { linePanel } from "./line_panel.js";
import { RangeControl } from "./range_control.js";
import { gapWords, mountReadout } from "./readout.js";
import { fetchTicks } from "./series_api.js";
import { Stage } from "./stage.js";
import { mountTape } from "./tape.js";
import { mountToolbar } from "./toolbar.js";

const DESCRIBE_EVERY_MS = 30_000;
// After the reader changed what is seen, when it rests
const DESCRIBE_AFTER_MS = 400;
const TICK_MS = 1_000;
const TRADES = 40;
const GROUP = "Charts";

// sources: {spec, bars: {y, x}, prices: {y, x}}: stores that the page keeps complete. paint() after each change.
export function mountPanels(root, { page, view, time, sources, clock }) {
  const place = root.querySelector("[data-charts]");
  const painter = new Painter(draw);
  const request = () => painter.request();
  const stage = new Stage({ page, view, clock, sources, onChange: request });
  const context = { page, time, zone: page.zone };
  const elementOf = (key) => place.querySelector(`[data-panel="${key}"]`);
  const panels = [
    ...lineKinds(page).map((kind) => linePanel(elementOf(kind.key), kind, context)),
    candlePanel(elementOf("candles"), context),
    ...curvePanels(place, page),
  ];
  const timePanels = panels.filter(({ isOfTime }) => isOfTime);
  const byKey = new Map(panels.map((panel) => [panel.key, panel]));
  const layout = mountLayout(place, { view, all: view.defaults.panels ?? KEYS });
  const toolbar = mountToolbar(place);
  const writers = Object.fromEntries(panels.slice(0, 4).flatMap(({ columns }) => columns.map(({ column, write }) => [column, write])));
  const readout = mountReadout(place, { writers, time });
  const say = (text, level = "info") => toast({ text, level });
  const actions = panelActions({ scene: sceneNow, load: (panel, stretch) => stage.rows(panel, stretch), view, time, page, say, onChange: request, readout });
  const folds = mountFolds(place, { onChange: request });
  const full = mountFullScreen(place, { onChange: request });
  const range = new RangeControl({ view, stage, onPause: request });
  const tapeBody = place.querySelector("[data-tape] tbody");
  const tape = tapeBody && mountTape(tapeBody, { page, time, load: (instrument) => fetchTicks(instrument, { last: TRADES }) });
  const crosshair = new Crosshair({
    charts: () => timePanels.filter(({ box }) => seen.has(box)),
    locate: (at) => stage.at(at, sceneNow()),
    show: showReadout,
  });

  const seen = new Set();
  const stamps = new Map();
  let isStale = false;
  let style = 0;
  let describedAt = -Infinity;
  let rest = null;
  let tipOf = null;
  let toldOfHistory = "";

  function sceneNow() {
    return stage.scene({ isStale });
  }

  // --- painting -----------------------------------------------------------------------------
  function draw() {
    const scene = sceneNow();
    const shown = panels.filter(({ box }) => seen.has(box));
    const first = shown.find(({ isOfTime }) => isOfTime);
    if (first) stage.want(scene.range, first.chart.width, panels.filter(({ element }) => !element.hidden).map(({ key }) => key));
    for (const panel of shown) drawPanel(panel, scene);
    for (const panel of panels) panel.showEmpty(scene);
    const historyWords = stage.words(time);
    // What was fetched belongs to what is described
    if (historyWords !== toldOfHistory) describedAt = -Infinity;
    toldOfHistory = historyWords;
    if (clock.now() - describedAt >= DESCRIBE_EVERY_MS && stage.newest !== null) describe(scene);
    actions.paint();
    if (stage.isTick) tape?.paint(sources.prices);
    crosshair.place();
    toolbar.paint({
      view: scene.view,
      newer: range.newer(sources.spec.t),
      isPaused: stage.isPaused,
      isLocked: crosshair.isLocked,
      rangeWords: stage.newest === null ? "" : time.span(scene.range.from, scene.range.to),
      historyWords,
    });
  }

  // Again only when it would look different.
  function drawPanel(panel, scene) {
    const { range: { from, to }, view: state, staleFrom, earliest } = scene;
    const ofTime = panel.isOfTime ? [from, to, state.axes, state.entry, state.exit, state.stop, staleFrom, earliest] : [];
    const stamp = [style, panel.chart.width, ...ofTime, ...panel.stamp(scene)].join();
    if (stamps.get(panel) === stamp) return;
    panel.draw(scene);
    stamps.set(panel, stamp);
    panel.canvas.dataset.last = (panel.key === "candles" ? sources.bars[state.candles].t.at(-1) : stage.newest) ?? "";
  }

  function describe(scene) {
    describedAt = clock.now();
    for (const panel of panels) panel.canvas.setAttribute("aria-label", panel.describe(scene));
  }

  function paint(flags = {}) {
    isStale = Boolean(flags.isStale || flags.isLate);
    draw();
  }

  // --- the read-out -------------------------------------------------------------------------
  function showReadout({ mode, point, panel, x }) {
    const found = point ?? (stage.newest === null ? null : stage.at(stage.newest, { forming: null }));
    readout.show({ mode: point ? mode : "latest", point: found, candle: candleOf(found, panel), why: found?.isForming ? "forming" : "" });
    showTip(point?.gap && panel, point, x);
  }

  // The bar of that time; who points at a merged candle reads that one.
  function candleOf(found, panel) {
    const { candles: leg } = view.get();
    const candles = byKey.get("candles");
    if (candles.element.hidden) return null;
    const bar = found && stage.bars[leg].at(found.time);
    const drawn = found && (panel === candles || !bar) ? candleAt(stage.bars[leg].candles(stage.range()).candles, found.time) : null;
    return { ...(drawn ?? bar), words: page[leg].symbol, width: drawn?.span.width ?? page.step, write: writer(decimalsOf(page[leg].tick)) };
  }

  function showTip(panel, point, x) {
    if (tipOf && tipOf !== panel) tipOf.overlay.tip("");
    tipOf = panel || null;
    tipOf?.overlay.tip(gapWords(point.gap, time), x);
  }

  // --- keys on a chart ----------------------------------------------------------------------
  function step(by) {
    const { to } = stage.range();
    const start = Math.min(to, stage.newest ?? to);
    moveTo(crosshair.time === null ? start : stage.source.move(crosshair.time, by));
  }

  function end(isLast) {
    const { from, to } = stage.range();
    moveTo(isLast ? Math.min(to, stage.newest ?? to) : Math.max(from, stage.source.earliest ?? stage.source.bufferFrom));
  }

  function moveTo(at) {
    if (!Number.isFinite(at)) return;
    range.reveal(at);
    crosshair.move(at);
    request();
    readout.speak(readout.text);
  }

  // --- wiring -------------------------------------------------------------------------------
  function gesturesOf(panel) {
    const { box, chart } = panel;
    let base = stage.range();
    const msPerPixel = () => (base.to - base.from) / Math.max(1, chart.area.right - chart.area.left);
    return mountGestures(box, {
      hover: (x, y) => crosshair.hover(panel, x, y),
      leave: () => crosshair.leave(),
      begin: () => {
        base = stage.range();
      },
      pan: (dx) => range.show(base, { by: -dx * msPerPixel() }),
      pinch: (factor, x, dx) => range.show(base, { factor, at: base.from + (x - chart.area.left) * msPerPixel(), by: -dx * msPerPixel() * factor }),
      select: (one, other) => timePanels.forEach(({ overlay }) => overlay.choose(one, other)),
      choose: (one, other) => range.choose(chart.timeAt(one), chart.timeAt(other)),
      click(x, y) {
        if (crosshair.isLocked) return crosshair.free();
        crosshair.hover(panel, x, y);
        return crosshair.lock();
      },
      press(x, y) {
        crosshair.free();
        crosshair.hover(panel, x, y);
      },
      release: () => crosshair.lock(),
      wheel: (factor, x) => range.zoom(factor, chart.timeAt(x)),
      slide: (dx) => range.show(stage.range(), { by: (dx * (stage.range().to - stage.range().from)) / chart.width }),
      reset: () => range.reset(),
      isWheelMine: () => document.activeElement === box || full.key !== null,
    });
  }

  function curveGestures(panel) {
    const { box } = panel;
    const move = (event) => panel.pointAt(event.clientX - box.getBoundingClientRect().left);
    const undo = mountKeys(box, { step: (by) => readout.speak(panel.step(by)), end: (isLast) => readout.speak(panel.end(isLast)) });
    const listeners = [["pointermove", move], ["pointerdown", move], ["pointerleave", panel.leave], ["blur", panel.leave]];
    for (const [type, listener] of listeners) box.addEventListener(type, listener);
    return () => {
      undo();
      for (const [type, listener] of listeners) box.removeEventListener(type, listener);
    };
  }

  const acts = {
    "zoom-in": () => range.zoom(0.5, crosshair.isLocked ? crosshair.time : null),
    "zoom-out": () => range.zoom(2, crosshair.isLocked ? crosshair.time : null),
    earlier: () => range.shift(-0.5),
    later: () => range.shift(0.5),
    reset: () => range.reset(),
    follow: () => range.toggleFollow(),
    live: () => range.live(),
    pause: () => range.togglePause(),
    lock: () => {
      crosshair.toggleLock(stage.newest);
      request();
    },
    "link-follow": () => actions.copyLink(false),
    "link-fixed": () => actions.copyLink(true),
    full: ({ key }) => full.toggle(key),
    fold: ({ element }) => folds.toggle(element),
    before: ({ key }) => layout.move(key, -1),
    after: ({ key }) => layout.move(key, 1),
    hide: ({ key }) => layout.hide(key),
    ...actions.acts,
  };

  function clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { act, range: preset, axesToggle, candleLeg } = button.dataset;
    if (preset) range.follow(preset);
    if (axesToggle !== undefined) view.set({ axes: view.get().axes === "two" ? "rebased" : "two" });
    if (candleLeg) view.set({ candles: candleLeg });
    if (act) acts[act]?.(panelOf(button));
    button.closest("[popover]")?.hidePopover();
  }

  const panelOf = (element) => byKey.get(element?.closest("[data-panel]")?.dataset.panel);
  const current = () => panelOf(document.activeElement) ?? crosshair.panel ?? panels.find(({ box }) => seen.has(box)) ?? panels[0];

  function changed(_, names) {
    if (names.includes("panels")) layout.show();
    clearTimeout(rest);
    rest = setTimeout(describeAnew, DESCRIBE_AFTER_MS);
    request();
  }

  function describeAnew() {
    describedAt = -Infinity;
    request();
  }

  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) seen[isIntersecting ? "add" : "delete"](target);
    request();
  });
  for (const { box, chart } of panels) {
    observer.observe(box);
    chart.whenResized(request);
  }
  const timer = setInterval(request, TICK_MS);
  const keysOf = ({ box }) => mountKeys(box, { step, end, zoom: (factor) => range.zoom(factor, crosshair.time) });
  const undo = [
    ...timePanels.flatMap((panel) => [gesturesOf(panel), keysOf(panel)]),
    ...panels.filter(({ isOfTime }) => !isOfTime).map(curveGestures),
    view.subscribe(changed),
    registerShortcuts([
      { keys: "x", label: "Lock or free the crosshair", group: GROUP, run: acts.lock },
      { keys: "Escape", label: "Free the crosshair", group: GROUP, run: () => crosshair.free() || full.leave() },
      { keys: "f", label: "Full screen", group: GROUP, run: () => acts.full(current()) },
      { keys: "c", label: "Copy a link to this view", group: GROUP, run: () => place.querySelector('[popovertarget="link-menu"]').click() },
      { keys: "l", label: "Follow live, or hold the range", group: GROUP, run: acts.follow },
      { keys: " ", label: "Pause the charts, or go on", group: GROUP, run: acts.pause },
      { keys: "0", label: "Usual range", group: GROUP, run: acts.reset },
    ]),
    registerCommands([
      { label: "Follow live", hint: "charts", run: () => range.live() },
      { label: "Pause or resume the charts", hint: "charts", run: acts.pause },
      { label: "Copy link that follows now", hint: "charts", run: acts["link-follow"] },
      { label: "Copy link to this range", hint: "charts", run: acts["link-fixed"] },
      ...[...place.querySelectorAll("[data-range]")].map(({ dataset }) => ({ label: `Range: ${dataset.range}`, hint: "charts", run: () => range.follow(dataset.range) })),
    ]),
  ];
  place.addEventListener("click", clicked);

  function restyle() {
    for (const { chart } of panels) chart.restyle();
    style += 1;
    request();
  }

  function unmount() {
    clearInterval(timer);
    clearTimeout(rest);
    observer.disconnect();
    place.removeEventListener("click", clicked);
    undo.forEach((undoing) => undoing());
    painter.stop();
    stage.stop();
    [full, folds, actions, layout, tape, ...panels].forEach((part) => part?.unmount());
  }

  return { paint, restyle, unmount };
}
