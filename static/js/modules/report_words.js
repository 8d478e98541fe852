// What the whole report says and stands on, in sentences.

import { number } from "../lib/format.js";

export function basisWords(report, time) {
  if (!report) return "No report yet. It appears when enough bars are there.";
  const span = report.from && report.to ? ` from ${time.full(new Date(report.from))} to ${time.full(new Date(report.to))}` : "";
  const of = report.basis ? `${report.basis.direction}, ${report.basis.prices} prices: ` : "";
  const made = report.as_of_ms ? `; made about every 10 s, this one as of ${time.full(report.as_of_ms)}` : "";
  return `${of}${number(report.n, 0)} bars${span}, ${lagWords(report.lags)}${made}.`;
}

export function verdictWords(report) {
  if (!report?.verdict) return "";
  const { word, sentence } = report.verdict;
  return `${word[0].toUpperCase()}${word.slice(1)}. ${sentence}`;
}

function lagWords(lags) {
  if (lags === "bic" || lags === "aic") return `lags by ${lags.toUpperCase()}`;
  return `${lags} ${lags === "1" ? "lag" : "lags"}`;
}
