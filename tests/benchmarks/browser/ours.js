// Our five charts as the dashboard mounts them, fed by frames as the socket brings them.

import { TimeFormat } from "../../../static/js/charts/time_axis.js";
import { BarStore, LatestStore, SpecStore } from "../../../static/js/live/store.js";
import { mountPanels } from "../../../static/js/panels/panels.js";
import { ViewState } from "../../../static/js/view/view_state.js";
import { COLUMNS, STEP } from "./data.js";

const PANELS = ["prices", "zscore", "spread", "correlation", "candles"];
const BARS = ["o", "h", "l", "c", "v", "q", "n", "f"];

export function mountOurs(root, { rows, now }) {
  const place = { location: new URL("https://bench.example/"), history: { state: null, replaceState() {} }, addEventListener() {}, removeEventListener() {} };
  const leg = (symbol) => ({ symbol, tick: "0.1", instrument: `bench:${symbol}` });
  const page = { topic: "spec.1", step: STEP, timeframe: "1s", prices: "log", zone: "UTC", y: leg("AAA"), x: leg("BBB"), bars: { y: "bars.y", x: "bars.x" }, view: { panels: PANELS } };
  const view = new ViewState(page, { place });
  const sources = {
    spec: new SpecStore(rows.length),
    bars: { y: new BarStore(rows.length), x: new BarStore(rows.length) },
    prices: { y: new LatestStore(), x: new LatestStore() },
  };
  let seq = 0;
  hear(rows);
  const charts = mountPanels(root, { page, view, time: new TimeFormat("UTC"), sources, clock: { now } });

  function hear(some) {
    const kind = seq ? "delta" : "snapshot";
    const of = (names) => ({ t: some.map(({ t }) => t), ...Object.fromEntries(names.map((name) => [name, some.map((row) => row[name] ?? 1)])) });
    const frame = { kind, prev: seq || null, seq: seq + 1, at: some.at(-1).t };
    sources.spec.apply({ ...frame, data: { points: of(COLUMNS) } });
    sources.bars.y.apply({ ...frame, data: { points: of(BARS) } });
    seq += 1;
  }

  return {
    add(row) {
      hear([row]);
      charts.paint();
    },
    unmount() {
      charts.unmount();
      view.unmount();
    },
  };
}
