"""The JSON form of a report: null where a value is unknown, its reason under "unknown", never NaN."""

import math
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from analytics.core.metrics import Value, metrics, value_of
from analytics.core.quickcheck import summary
from analytics.core.report.doubts import doubts
from analytics.core.report.pair import Report
from analytics.core.report.verdict import verdict
from analytics.core.stationarity.unit_root import UnitRoot
from market.core.types import F64

ADF_NOTE = "The spread was fitted on these bars, so this p-value is too small; Engle-Granger judges the pair."
#: points of the equity curve
CURVE = 300
Json = dict[str, Any]


def as_json(report: Report) -> Json:
    """The object that `pairstats --json` prints (design, section 7)."""
    body = _Nulls()
    first, last = report.sample.span_ms or (None, None)
    result: Json = {
        "y": report.sample.symbols[0],
        "x": report.sample.symbols[1],
        "n": report.n,
        "prices": report.params.prices,
        "lags": str(report.params.lags),
        "from": body.moment("from", first),
        "to": body.moment("to", last),
        "hedge": _hedge(report, body),
        "spread": _spread(report, body),
        "zscore": _zscore(report, body),
        "adf": body.test("adf", report.tests.adf) | {"note": ADF_NOTE},
        "engle_granger": _engle_granger(report, body),
        "johansen": _johansen(report, body),
        "half_life": _half_life(report, body),
        "hurst": _hurst(report, body),
        "variance_ratio": _variance_ratio(report, body),
        "correlation": _correlation(report, body),
        "lead_lag": _lead_lag(report, body),
        "epps": _epps(report, body),
        "verdict": asdict(verdict(report)),
        "basis": _basis(report),
        "check": _check(report, body),
        "metrics": {metric.name: _metric(value_of(metric, report)) for metric in metrics("report")},
    }
    return result | {"unknown": body.reasons, "warnings": list(doubts(report))}


def _basis(report: Report) -> Json:
    """What the numbers stand on: direction, price space, windows."""
    params = report.params
    return {
        "direction": report.sample.direction,
        "prices": params.prices,
        "hedge_window": params.hedge_window,
        "z_window": params.z_window,
    }


def _metric(value: Value) -> Json:
    plain = asdict(value)
    number = plain.pop("number")
    return {"value": float(number) if math.isfinite(number) else None, **plain}


def _check(report: Report, body: "_Nulls") -> Json | None:
    """The quick check with at most CURVE points of its equity; null when there is none."""
    check, tape = report.check, report.tape
    if check.reason or tape is None:
        body.reasons["check"] = check.reason
        return None
    rows = np.unique(np.linspace(0, len(tape) - 1, CURVE).astype(int))
    times = rows if tape.opened_ms is None else tape.opened_ms[rows] + tape.width_ms
    return summary(check) | {"equity": {"t": times.tolist(), "net": check.equity[rows].tolist()}}


class _Nulls:
    """Turns NaN into null and keeps the reason under the name of the part."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def number(self, name: str, value: float, reason: str) -> float | None:
        if math.isfinite(value):
            return float(value)
        self.reasons.setdefault(name, reason)
        return None

    def part(self, name: str, values: dict[str, float], reason: str) -> Json:
        """Values of one part; when the part has a reason it stands once, under the part's name."""
        if reason:
            self.reasons[name] = reason
        return {key: float(value) if math.isfinite(value) else None for key, value in values.items()}

    def test(self, name: str, test: UnitRoot) -> Json:
        part = self.part(name, {"statistic": test.statistic, "pvalue": test.pvalue}, test.reason)
        known = not test.reason
        return part | {
            "lags": test.lags if known else None,
            "n": test.n if known else None,
            "critical": test.critical if known else None,
        }

    def moment(self, name: str, ms: int | None) -> str | None:
        if ms is None:
            self.reasons[name] = "the bars have no time"
            return None
        return datetime.fromtimestamp(ms / 1000, UTC).isoformat().replace("+00:00", "Z")


def _hedge(report: Report, body: _Nulls) -> Json:
    hedge, line = report.hedge, report.hedge.line
    values = {"ratio": line.ratio, "intercept": line.intercept, "stderr": line.stderr}
    values |= {"intercept_stderr": line.intercept_stderr, "r2": hedge.r2}
    part = body.part("hedge", values, hedge.reason)
    if not hedge.reason and part["stderr"] is None:
        body.reasons["hedge.stderr"] = f"{hedge.method} has no standard errors"
        body.reasons["hedge.intercept_stderr"] = body.reasons["hedge.stderr"]
    if not hedge.reason and part["r2"] is None:
        is_flat = not np.ptp(report.sample.line[0]) > 0.0
        body.reasons["hedge.r2"] = "y did not move" if is_flat else f"{hedge.method} has no R²"
    return {"method": hedge.method} | part


def _spread(report: Report, body: _Nulls) -> Json:
    if report.hedge.reason:
        return body.part("spread", dict.fromkeys(("last", "mean", "std"), math.nan), report.hedge.reason)
    spread = report.spread
    return {"last": float(spread[-1]), "mean": float(spread.mean()), "std": float(spread.std(ddof=1))}


def _zscore(report: Report, body: _Nulls) -> Json:
    z = report.zscore
    values = {"value": z.value, "ratio_used": z.line.ratio, "intercept_used": z.line.intercept}
    part = body.part("zscore", values | {"mean": z.mean, "std": z.std}, z.reason)
    return part | {"window": z.window or report.params.z_window}


def _engle_granger(report: Report, body: _Nulls) -> Json:
    both = report.tests.engle_granger
    if both.y_on_x.reason == both.x_on_y.reason:
        body.part("engle_granger", {}, both.y_on_x.reason)
        parts = _Nulls()
    else:
        parts = body
        body.part("engle_granger.pvalue", {}, both.y_on_x.reason or both.x_on_y.reason)
    return {
        "y_on_x": parts.test("engle_granger.y_on_x", both.y_on_x),
        "x_on_y": parts.test("engle_granger.x_on_y", both.x_on_y),
        "pvalue": both.pvalue if math.isfinite(both.pvalue) else None,
    }


def _johansen(report: Report, body: _Nulls) -> Json:
    result = report.tests.johansen
    body.part("johansen", {}, result.reason)
    keys = ("k_ar_diff", "trace", "max_eigen", "eigenvalues", "vector", "rank")
    critical = ("trace_critical", "max_eigen_critical")
    if result.reason:
        return dict.fromkeys((*keys, *critical))
    plain = {key: getattr(result, key) for key in keys}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()} | {
        key: [list(row) for row in getattr(result, key)] for key in critical
    }


def _lead_lag(report: Report, body: _Nulls) -> Json:
    """The whole curve: correlation of y with x some bars later, and the band of white noise at all lags together."""
    found = report.moves.lead_lag
    body.part("lead_lag", {}, found.reason)
    return {
        "lags": found.lags.tolist(),
        "correlations": _finite(found.correlations),
        "best": found.best,
        "band": found.widest_band if math.isfinite(found.widest_band) else None,
    }


def _epps(report: Report, body: _Nulls) -> Json:
    """Correlation by length of the bar in seconds, and the shortest one that shows the plateau."""
    found = report.moves.epps
    body.part("epps", {}, found.reason)
    width = found.step_ms / 1_000
    return {
        "seconds": [size * width for size in found.sizes],
        "correlations": _finite(found.correlations),
        "plateau": found.plateau if math.isfinite(found.plateau) else None,
        "shortest": None if found.shortest is None else found.shortest * width,
    }


def _finite(values: F64) -> list[float | None]:
    """Of coefficients that are drawn: their sixth digit is far below a pixel."""
    return [round(value, 6) if math.isfinite(value) else None for value in values.tolist()]


def _half_life(report: Report, body: _Nulls) -> Json:
    result = report.tests.half_life
    part = body.part("half_life", {"bars": result.bars, "phi": result.phi}, result.reason)
    for name in ("low", "high", "bars_corrected"):
        value = getattr(result, name)
        part[name] = float(value) if math.isfinite(value) else None
        if part[name] is None and not result.reason:
            body.reasons[f"half_life.{name}"] = result.interval_reason
    return part


def _hurst(report: Report, body: _Nulls) -> Json:
    result, reason = report.tests.hurst, report.tests.reason
    value = body.number("hurst", result.value, reason or "the spread does not move")
    low, high = result.band
    if not math.isfinite(low):
        body.reasons.setdefault("hurst.band", reason or "not simulated")
        return {"value": value, "band": None}
    return {"value": value, "band": [low, high]}


def _variance_ratio(report: Report, body: _Nulls) -> list[Json] | None:
    if report.tests.reason:
        body.reasons["variance_ratio"] = report.tests.reason
        return None
    reason = "the spread does not move"
    return [
        {
            "q": row.q,
            "ratio": body.number("variance_ratio", row.ratio, reason),
            "z": body.number("variance_ratio", row.z, reason),
        }
        for row in report.tests.variance_ratios
    ]


def _correlation(report: Report, body: _Nulls) -> Json:
    result = report.moves.correlation
    values = {"pearson_returns": result.pearson, "spearman_returns": result.spearman}
    return body.part("correlation", values, result.reason) | {"n": result.n}
