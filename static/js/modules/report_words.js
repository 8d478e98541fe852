// What the whole report stands on, in one sentence.

import { number } from "../lib/format.js";

export function basisWords(report, time) {
  if (!report) return "No report yet. It appears when enough bars are there.";
  const span = report.from && report.to ? ` from ${time.full(new Date(report.from))} to ${time.full(new Date(report.to))}` : "";
  const made = report.as_of_ms ? `; made about every 10 s, this one as of ${time.full(report.as_of_ms)}` : "";
  return `${number(report.n, 0)} bars${span}, ${lagWords(report.lags)}${made}.`;
}

function lagWords(lags) {
  if (lags === "bic" || lags === "aic") return `lags by ${lags.toUpperCase()}`;
  return `${lags} ${lags === "1" ? "lag" : "lags"}`;
}
