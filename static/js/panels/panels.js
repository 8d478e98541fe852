// All charts of the page: one range, one crosshair, painted together; those out of sight wait until they are seen.

import { Painter } from "../live/painter.js";
import { toast } from "../shell/toasts.js";
import { panelActions } from "./actions.js";
import { allPanels, mountSight } from "./all_panels.js";
import { registerCharts } from "./commands.js";
import { Crosshair } from "./crosshair.js";
import { KEYS } from "./definitions.js";
import { mountFolds } from "./folds.js";
import { mountFullScreen } from "./full_screen.js";
import { mountLayout } from "./layout.js";
import { Painting } from "./painting.js";
import { mountPointing } from "./pointing.js";
import { RangeControl } from "./range_control.js";
import { mountReading } from "./reading.js";
import { mountReadout } from "./readout.js";
import { fetchTicks } from "./series_api.js";
import { Stage } from "./stage.js";
import { mountTape } from "./tape.js";
import { mountToolbar } from "./toolbar.js";

const TICK_MS = 1_000;
const TRADES = 40;

// sources: {spec, bars: {y, x}, prices: {y, x}}: stores that the page keeps complete. paint() after each change.
export function mountPanels(root, { page, view, time, sources, clock }) {
  const place = root.querySelector("[data-charts]");
  const painter = new Painter(draw);
  const request = () => painter.request();
  const stage = new Stage({ page, view, clock, sources, onChange: request });
  const panels = allPanels(place, { page, time, zone: page.zone });
  const byKey = new Map(panels.map((panel) => [panel.key, panel]));
  const sight = mountSight(panels, request);
  const painting = new Painting({ panels, sight, stage, clock, onDue: request });
  const readout = mountReadout(place, { writers: writersOf(panels), time });
  const reading = mountReading({ page, view, time, stage, readout, candles: byKey.get("candles") });
  const crosshair = new Crosshair({
    charts: () => sight.panels.filter(({ isOfTime }) => isOfTime),
    locate: (at) => stage.at(at, sceneNow()),
    show: reading.show,
  });
  const range = new RangeControl({ view, stage, onPause: request });
  const layout = mountLayout(place, { view, all: view.defaults.panels ?? KEYS });
  const folds = mountFolds(place, { onChange: request });
  const full = mountFullScreen(place, { onChange: request });
  const toolbar = mountToolbar(place);
  const say = (text, level = "info") => toast({ text, level });
  const actions = panelActions({ scene: sceneNow, load: (panel, stretch) => stage.rows(panel, stretch), view, time, page, say, onChange: request, readout });
  const tapeBody = place.querySelector("[data-tape] tbody");
  const tape = tapeBody && mountTape(tapeBody, { page, time, load: (instrument) => fetchTicks(instrument, { last: TRADES }) });
  let isStale = false;

  function sceneNow() {
    return stage.scene({ isStale });
  }

  function draw() {
    const scene = sceneNow();
    painting.paint(scene, { time });
    actions.paint();
    tape?.paint(sources.prices);
    crosshair.place();
    toolbar.paint({
      view: scene.view,
      newer: range.newer(sources.spec.t),
      isPaused: stage.isPaused,
      isLocked: crosshair.isLocked,
      rangeWords: stage.newest === null ? "" : time.span(scene.range.from, scene.range.to),
      historyWords: painting.words,
    });
  }

  function paint(flags = {}) {
    isStale = Boolean(flags.isStale || flags.isLate);
    draw();
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
    lock() {
      crosshair.toggleLock(stage.newest);
      request();
    },
    axes: () => view.set({ axes: view.get().axes === "two" ? "rebased" : "two" }),
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
    const { act, range: preset, candleLeg } = button.dataset;
    if (preset) range.follow(preset);
    if (candleLeg) view.set({ candles: candleLeg });
    if (act) acts[act]?.(panelOf(button));
    button.closest("[popover]")?.hidePopover();
  }

  const panelOf = (element) => byKey.get(element?.closest("[data-panel]")?.dataset.panel);
  const current = () => panelOf(document.activeElement) ?? crosshair.panel ?? sight.panels[0] ?? panels[0];

  function free() {
    const wasFreed = crosshair.free();
    request();
    return wasFreed || full.leave();
  }

  function changed(_, names) {
    if (names.includes("panels")) layout.show();
    painting.changed();
    request();
  }

  const timer = setInterval(request, TICK_MS);
  const pointing = mountPointing({ panels, stage, range, crosshair, readout, full, request });
  const commands = registerCharts({ place, acts, range, current, free });
  const forget = view.subscribe(changed);
  place.addEventListener("click", clicked);

  function unmount() {
    clearInterval(timer);
    forget();
    place.removeEventListener("click", clicked);
    [painter, painting, stage].forEach((part) => part.stop());
    [sight, pointing, commands, full, folds, actions, layout, tape, ...panels].forEach((part) => part?.unmount());
  }

  return { paint, restyle: () => painting.restyle(), unmount };
}

// How each column of the series is written.
function writersOf(panels) {
  const lines = panels.filter(({ isOfTime, key }) => isOfTime && key !== "candles");
  return Object.fromEntries(lines.flatMap(({ columns }) => columns.map(({ column, write }) => [column, write])));
}
