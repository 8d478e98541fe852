"""The tests of a pair at length: both directions, Johansen's ranks, how the p-value went, and what is left over."""

from datetime import UTC, datetime
from typing import Any

import numpy as np
from psycopg import sql

from analytics.core.cointegration.path import PvaluePath, pvalue_path
from analytics.core.distribution import autocorrelation
from analytics.core.moments import logs
from analytics.core.stationarity.lags import Lags
from analytics.core.windows import MINIMUM_BARS
from analytics.models import PairReport, PairSpec
from analytics.views.drawings import Scale, bar_paths, line_path
from analytics.views.live import Opened
from market.core.types import F64, I64, Timeframe
from market.frames import copy_rows

#: bars that the pictures look back on
BARS = 5_000
LONGEST_WINDOW = 1_440
ACF_LAGS = 40
BINS = 40
LEVEL = 0.05


def cointegration_context(opened: Opened) -> dict[str, Any]:
    spec = opened.spec
    report = PairReport.objects.filter(spec=spec).first()
    opened_ms, y, x = stored_prices(spec)
    return {
        "report": report.data if report else None,
        "report_as_of": report.as_of if report else None,
        "directions": _directions(spec, report.data) if report else [],
        "ranks": _ranks(report.data["johansen"]) if report else [],
        "path": _path(spec, opened_ms, y, x),
        "residuals": _residuals(spec, y, x),
    }


def stored_prices(spec: PairSpec) -> tuple[I64, F64, F64]:
    """(opens, y, x) of the newest BARS slots on their grid, in the price space of the pair; NaN where one misses."""
    query = sql.SQL(
        "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, price_y, price_x FROM analytics_snapshot"
        " WHERE spec_id = {} AND price_y IS NOT NULL AND price_x IS NOT NULL ORDER BY opened_at DESC LIMIT {}"
    ).format(sql.Literal(spec.pk), sql.Literal(BARS))
    rows = copy_rows(query, [("opened_ms", "i8"), ("y", "f8"), ("x", "f8")])[::-1]
    step = Timeframe(spec.timeframe).ms
    times = rows["opened_ms"].astype(np.int64)
    if not len(times):
        return times, np.empty(0), np.empty(0)
    # Old rows beyond a long hole would make a grid of nothing: as many slots as there are bars at most
    rows = rows[times > times[-1] - BARS * step]
    first = int(rows["opened_ms"][0])
    grid = np.arange(first, int(rows["opened_ms"][-1]) + step, step)
    columns = np.full((2, len(grid)), np.nan)
    at = (rows["opened_ms"] - first) // step
    columns[0, at], columns[1, at] = rows["y"], rows["x"]
    if spec.prices == "log":
        columns = np.where(columns > 0, columns, np.nan)
        known = np.isfinite(columns)
        columns[known] = logs(columns[known])
    return grid, columns[0], columns[1]


def _directions(spec: PairSpec, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Both ways round, each with its critical values in their order."""
    names = {"y_on_x": (spec.y, spec.x), "x_on_y": (spec.x, spec.y)}
    tests = report["engle_granger"]
    return [
        {
            "title": f"{own.symbol} on {other.symbol}",
            "test": tests[key],
            "critical": [(tests[key]["critical"] or {}).get(level) for level in ("1%", "5%", "10%")],
        }
        for key, (own, other) in names.items()
    ]


def _ranks(johansen: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each hypothesis "at most r"; none where the test has no result."""
    at_95 = 1
    columns = (johansen["trace"], johansen["trace_critical"], johansen["max_eigen"], johansen["max_eigen_critical"])
    if any(column is None for column in columns):
        return []
    return [
        {
            "rank": rank,
            "trace": trace,
            "trace_critical": trace_levels[at_95],
            "max_eigen": eigen,
            "max_critical": levels[at_95],
        }
        for rank, (trace, trace_levels, eigen, levels) in enumerate(zip(*columns, strict=True))
    ]


def _path(spec: PairSpec, opened_ms: I64, y: F64, x: F64) -> dict[str, Any]:
    window = min(max(spec.hedge_window, MINIMUM_BARS), LONGEST_WINDOW)
    path = pvalue_path(y, x, window, Lags.parse(spec.lags))
    known = path.pvalue[np.isfinite(path.pvalue)]
    if not len(known):
        return {"reason": f"Needs {window:,} bars without a hole, has {int(np.isfinite(y).sum()):,} bars."}
    scale = Scale(0.0, 1.0)
    return {
        "line": line_path(path.pvalue, scale),
        "level": scale.height_of(LEVEL),
        "window": window,
        "share": float(np.mean(known < LEVEL)),
        "first": _moment(opened_ms, path.ends[0]),
        "last": _moment(opened_ms, path.ends[-1]),
        "rows": _rows(path, opened_ms),
    }


def _rows(path: PvaluePath, opened_ms: I64) -> list[dict[str, Any]]:
    """The picture as a table, newest first."""
    pairs = zip(path.ends.tolist(), path.pvalue.tolist(), strict=True)
    rows = [{"at": _moment(opened_ms, end), "pvalue": value if np.isfinite(value) else None} for end, value in pairs]
    return rows[::-1]


def _residuals(spec: PairSpec, y: F64, x: F64) -> dict[str, Any]:
    """What one line through the newest window leaves: in time, as a histogram, and its autocorrelation."""
    window = min(spec.hedge_window, len(y))
    own, other = y[-window:], x[-window:]
    known = np.isfinite(own) & np.isfinite(other)
    if known.sum() < MINIMUM_BARS or np.ptp(other[known]) == 0.0:
        return {"reason": f"Needs {MINIMUM_BARS} bars in which both legs moved, has {int(known.sum()):,}."}
    centred = other - other[known].mean()
    slope = float(centred[known] @ own[known] / (centred[known] @ centred[known]))
    residual = own - own[known].mean() - slope * centred
    deviation = float(residual[known].std(ddof=2))
    acf = autocorrelation(residual, ACF_LAGS)
    counts, edges = np.histogram(residual[known], bins=BINS)
    most = float(np.nanmax(np.abs(residual)))
    around, lags = Scale(-most, most), Scale(-1.0, 1.0)
    band = 1.96 / np.sqrt(known.sum())
    return {
        "n": int(known.sum()),
        "deviation": deviation,
        "most": most,
        "line": line_path(residual, around),
        "zero": around.height_of(0.0),
        "histogram": bar_paths(counts.tolist(), Scale(0.0, float(counts.max()))),
        "low": float(edges[0]),
        "high": float(edges[-1]),
        "acf": bar_paths(acf.tolist(), lags),
        "acf_first": float(acf[0]),
        "band": [lags.height_of(band), lags.height_of(-band)],
        "acf_lags": ACF_LAGS,
    }


def _moment(opened_ms: I64, row: int) -> datetime:
    return datetime.fromtimestamp(int(opened_ms[row]) / 1_000, UTC)
