// Every metric of the registry as a figure: its value as its unit and decimals say, and where it comes from or why it
// is unknown. A metric that is registered tomorrow needs nothing here.

import { number, quantity, typeset } from "../lib/format.js";

// Reasons of the series stand under the names of the wire
const WIRE = { hedge_ratio: "beta", intercept: "alpha", zscore: "z", correlation: "corr" };

export function readings({ store, page }) {
  return Object.fromEntries(page.metrics.map((metric) => [metric.name, reading(metric, store, page.step)]));
}

function reading(metric, store, step) {
  const { value, note, n } = metric.cadence === "bar" ? ofBar(metric, store) : ofReport(metric, store);
  const isKnown = Number.isFinite(value);
  return { text: quantity(value, metric, step), note: isKnown ? note : note || metric.unknown, count: isKnown && n ? number(n, 0) : "" };
}

function ofBar({ name, group }, store) {
  if (!store.t.length) return { value: null, note: "waiting for bars" };
  const value = store.now.metrics?.[name];
  // Without a line nothing of the fit is known
  const shared = group === "fit" && !Number.isFinite(value) && !Number.isFinite(store.now.beta) ? store.unknown.beta : "";
  return { value, note: store.unknown[WIRE[name] ?? name] ?? shared ?? "" };
}

function ofReport({ name }, store) {
  if (!store.report) return { value: null, note: store.t.length ? "no report yet" : "waiting for bars" };
  const result = store.report.metrics?.[name];
  if (!result) return { value: null, note: "not in this report" };
  const { value, detail, reason, n } = result;
  return { value, note: typeset(Number.isFinite(value) ? detail : reason), n };
}
