"""Stored series of a pair spec for a range of time: every row, or as few as a screen can show."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db.models import Min
from psycopg import sql

from analytics.models import PairSpec, Snapshot
from market.core.decimate import Decimator, opened
from market.core.types import F64, I64, Timeframe
from market.frames import Records, copy_rows
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
#: rows are read in blocks of so many slots, so that a long range costs time and no memory
BLOCK = 86_400


def spec_series(spec: PairSpec, span: Span) -> dict[str, Any]:
    """`columns` of times and values; `v` is null at the middle of a stretch that misses."""
    step = Timeframe(spec.timeframe).ms
    columns = _sampled(spec, span, step) if span.pixels else _every(spec, span, step)
    earliest = Snapshot.objects.filter(spec=spec).aggregate(first=Min("opened_at"))["first"]
    return {
        "topic": spec.topic,
        "from": span.from_ms,
        "to": span.to_ms,
        "step": step,
        "earliest_ms": None if earliest is None else round(earliest.timestamp() * 1_000),
        "is_sampled": bool(span.pixels),
        "columns": {name: {"t": times.tolist(), "v": values.tolist()} for name, (times, values) in columns.items()},
    }


def _sampled(spec: PairSpec, span: Span, step: int) -> dict[str, tuple[I64, F64]]:
    kept = Decimator(from_ms=span.from_ms, to_ms=span.to_ms, pixels=span.pixels or 1, series=len(COLUMNS))
    for rows in _blocks(spec, span, step):
        kept.add(rows["opened_ms"].astype(np.int64), _values(rows))
    return {name: kept.points(series, step_ms=step) for series, name in enumerate(COLUMNS)}


def _every(spec: PairSpec, span: Span, step: int) -> dict[str, tuple[I64, F64]]:
    rows = _read(spec, span.from_ms, span.to_ms, limit=MOST_ROWS + 1)
    if len(rows) > MOST_ROWS:
        raise TooManyRowsError(span)
    times, values = rows["opened_ms"].astype(np.int64), _values(rows)
    return {name: opened(times, values[series], step) for series, name in enumerate(COLUMNS)}


def _blocks(spec: PairSpec, span: Span, step: int) -> Iterator[Records]:
    for start in range(span.from_ms, span.to_ms + 1, BLOCK * step):
        rows = _read(spec, start, min(span.to_ms, start + BLOCK * step - 1))
        if len(rows):
            yield rows


def _values(rows: Records) -> F64:
    return np.array([rows[name] for name in COLUMNS], np.float64)


def _read(spec: PairSpec, first_ms: int, last_ms: int, limit: int | None = None) -> Records:
    columns = sql.SQL(", ").join(
        sql.SQL("coalesce({}, 'NaN')").format(sql.Identifier(name)) for name in COLUMNS.values()
    )
    query = sql.SQL(
        "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, {} FROM analytics_snapshot WHERE spec_id = {}"
        " AND opened_at >= to_timestamp({} / 1000.0) AND opened_at <= to_timestamp({} / 1000.0)"
        " ORDER BY opened_at LIMIT {}"
    ).format(columns, *map(sql.Literal, (spec.pk, first_ms, last_ms, limit)))
    return copy_rows(query, [("opened_ms", "i8"), *((name, "f8") for name in COLUMNS)])
