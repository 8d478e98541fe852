// The report of tests and fit as rows of words: name, value, how it was got.

import { UNKNOWN, duration, number, pvalue } from "../lib/format.js";

export function reportRows(report, page) {
  const { y, x } = page;
  const why = (...names) => names.map((name) => report.unknown?.[name]).find(Boolean) ?? "not known";
  const hedge = report.hedge ?? {};
  const eg = report.engle_granger ?? {};
  const life = report.half_life;
  const space = report.prices === "raw" ? "raw prices" : "log prices";
  return [
    row("Window", `${number(report.n, 0)} bars`, `${time(report.from)} to ${time(report.to)}`),
    row("Hedge ratio β", number(hedge.ratio, 6), told(hedge.ratio, `${y.symbol} on ${x.symbol}, ${hedge.method ?? ""}, ${space}`, why("hedge"))),
    row("β standard error", number(hedge.stderr, 6), told(hedge.stderr, "classical OLS", why("hedge"))),
    row("Intercept α", number(hedge.intercept, 6), told(hedge.intercept, `standard error ${number(hedge.intercept_stderr, 6)}`, why("hedge"))),
    row("R²", number(hedge.r2, 4), told(hedge.r2, "of the fit above", why("hedge"))),
    row("Spread mean, σ", `${number(report.spread?.mean, 6)}, ${number(report.spread?.std, 6)}`, told(report.spread?.std, "in-sample, σ with n − 1", why("spread"))),
    unitRoot("ADF, ratio fitted on the same data", report.adf, report.adf?.note, why("adf")),
    unitRoot(`Engle-Granger ${y.symbol} on ${x.symbol}`, eg.y_on_x, "MacKinnon p.", why("engle_granger.y_on_x", "engle_granger")),
    unitRoot(`Engle-Granger ${x.symbol} on ${y.symbol}`, eg.x_on_y, "MacKinnon p.", why("engle_granger.x_on_y", "engle_granger")),
    row("Engle-Granger, both directions", p(eg.pvalue), told(eg.pvalue, "twice the smaller p", why("engle_granger.pvalue", "engle_granger"))),
    row("Half-life", halfLife(life, page.step), told(life?.bars, interval(life ?? {}), why("half_life"))),
    row("Correlation of log returns", number(report.correlation?.pearson_returns, 4), told(report.correlation?.pearson_returns, `Spearman ${number(report.correlation?.spearman_returns, 4)}, n = ${number(report.correlation?.n, 0)}`, why("correlation"))),
    ...(report.warnings ?? []).map((warning) => row("Warning", "", warning)),
  ];
}

function row(name, value, how) {
  return { name, value, how };
}

function told(value, how, reason) {
  return Number.isFinite(value) ? how : reason;
}

function unitRoot(name, test, label, reason) {
  if (!Number.isFinite(test?.statistic)) return row(name, UNKNOWN, reason);
  const critical = Object.entries(test.critical ?? {}).map(([level, value]) => `${level}: ${number(value, 2)}`).join(", ");
  const how = `${label ?? ""} ${test.lags} ${test.lags === 1 ? "lag" : "lags"}, n = ${number(test.n, 0)}, critical ${critical}`.trim();
  return row(name, `${number(test.statistic, 3)}, ${p(test.pvalue)}`, how);
}

function p(value) {
  const text = pvalue(value);
  return text.startsWith("<") ? `p ${text}` : `p = ${text}`;
}

function halfLife(life, step) {
  return Number.isFinite(life?.bars) ? duration((life.bars * step) / 1000) : UNKNOWN;
}

function interval(life) {
  const upper = Number.isFinite(life.high) ? `to ${number(life.high, 1)}` : "upwards";
  const range = Number.isFinite(life.low) ? `, 90 % interval ${number(life.low, 1)} ${upper}` : "";
  return `${number(life.bars, 1)} bars, φ = ${number(life.phi, 5)}${range}`;
}

function time(value) {
  if (value === null || value === undefined) return UNKNOWN;
  return new Date(value).toISOString().slice(0, 19).replace("T", " ");
}
