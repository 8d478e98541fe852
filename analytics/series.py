"""Stored series of a pair spec for a range of time: every row, or as few as a screen can show."""

from typing import Any

import numpy as np
from django.db.models import Min
from psycopg import sql

from analytics.models import PairSpec, Snapshot
from market.core.decimate import Decimator, opened
from market.core.types import F64, I64, Timeframe
from market.packed import Kind, Walk
from market.ranges import MOST_ROWS, Span, TooManyRowsError

#: name on the wire of each column
COLUMNS = {
    "y": "price_y",
    "x": "price_x",
    "spread": "spread",
    "z": "zscore",
    "corr": "correlation",
    "beta": "hedge_ratio",
}
_KINDS: dict[str, Kind] = {"opened_at": "time", **dict.fromkeys(COLUMNS.values(), "number")}


def spec_series(spec: PairSpec, span: Span) -> dict[str, Any]:
    """`columns` of times and values; `v` is null at the middle of a stretch that misses."""
    step = Timeframe(spec.timeframe).ms
    rows = Walk("analytics_snapshot", "opened_at", _KINDS, sql.SQL("spec_id = {}").format(sql.Literal(spec.pk)))
    is_sampled, columns = _sampled(rows, span, step) if span.pixels else (False, _every(rows, span, step))
    earliest = Snapshot.objects.filter(spec=spec).aggregate(first=Min("opened_at"))["first"]
    return {
        "topic": spec.topic,
        "from": span.from_ms,
        "to": span.to_ms,
        "step": step,
        "earliest_ms": None if earliest is None else round(earliest.timestamp() * 1_000),
        "is_sampled": is_sampled,
        "columns": {name: {"t": times.tolist(), "v": values.tolist()} for name, (times, values) in columns.items()},
    }


def _sampled(rows: Walk, span: Span, step: int) -> tuple[bool, dict[str, tuple[I64, F64]]]:
    kept = Decimator(from_ms=span.from_ms, to_ms=span.to_ms, pixels=span.pixels or 1, series=len(COLUMNS))
    for block in rows.blocks(span.from_ms, span.to_ms):
        kept.add(block["opened_at"].astype(np.int64), _values(block))
    columns = {name: kept.points(series, step_ms=step) for series, name in enumerate(COLUMNS)}
    return kept.has_dropped, columns


def _every(rows: Walk, span: Span, step: int) -> dict[str, tuple[I64, F64]]:
    block = next(rows.blocks(span.from_ms, span.to_ms, most=MOST_ROWS + 1), None)
    if block is None:
        return dict.fromkeys(COLUMNS, (np.empty(0, np.int64), np.empty(0)))
    if len(block["opened_at"]) > MOST_ROWS:
        raise TooManyRowsError(span)
    times, values = block["opened_at"].astype(np.int64), _values(block)
    return {name: opened(times, values[series], step) for series, name in enumerate(COLUMNS)}


def _values(block: dict[str, Any]) -> F64:
    return np.array([block[name] for name in COLUMNS.values()], np.float64)
