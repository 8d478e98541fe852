"""Scored slots as points of the wire."""

from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np

from analytics.core.metrics import metrics
from analytics.core.payloads import POINT_FIELDS, Point, finite, has_column
from analytics.core.scoring.scores import Forming, Scores
from market.core.types import F64, I64

#: columns of a snapshot that are numbers
NUMBERS = POINT_FIELDS[: POINT_FIELDS.index("more")]


def points_of(scores: Scores, rows: Sequence[int] | I64 | None = None) -> list[Point]:
    """Scored slots as points, unknown as None; all of them, or the rows given."""
    chosen = np.arange(len(scores)) if rows is None else np.asarray(rows, np.int64)
    numbers = numbers_of(scores)[:, chosen]
    more = _more(scores, chosen)
    has_why = np.any(scores.reasons[chosen, :, 0] != 0, axis=1) | np.full(len(chosen), bool(more))
    plain = zip(
        scores.opened_ms[chosen].tolist(),
        *([finite(value) for value in column.tolist()] for column in numbers[:-2]),
        scores.n_valid[chosen].tolist(),
        [finite(value) for value in numbers[-1].tolist()],
        more or repeat(None, len(chosen)),
        (_unknown(scores, int(row), more[at] if more else {}) if has_why[at] else {} for at, row in enumerate(chosen)),
        strict=True,
    )
    return [Point(*values) for values in plain]


def numbers_of(scores: Scores) -> F64:
    """Columns of the points that are numbers, in the order of NUMBERS; shape (len(NUMBERS), n)."""
    grid = scores.grid
    slots = slice(scores.start, scores.start + len(scores))
    return np.array(
        [
            grid.y[slots],
            grid.x[slots],
            scores.hedge_ratio,
            scores.intercept,
            scores.spread,
            scores.zscore,
            scores.correlation,
            scores.stderr,
            scores.intercept_stderr,
            scores.r2,
            scores.n_valid,
            scores.innovation,
        ]
    )


def forming_of(forming: Forming) -> dict[str, float | None]:
    """What the forming bar is scored with, on the wire."""
    return {name: finite(getattr(forming, name)) for name in ("ratio", "intercept", "mean", "std")}


def _more(scores: Scores, rows: I64) -> list[dict[str, float | None]]:
    """Metrics that have no column, for each of the rows; empty when there are none."""
    extra = [metric for metric in metrics("bar") if not has_column(metric.name)]
    if not extra:
        return []
    columns = {m.name: [finite(value) for value in m.series(scores)[rows].tolist()] for m in extra if m.series}
    return [{name: values[at] for name, values in columns.items()} for at in range(len(rows))]


_WIRE_NAMES = {"hedge_ratio": ("beta", "alpha"), "spread": ("spread",), "zscore": ("z",), "correlation": ("corr",)}


def _unknown(scores: Scores, row: int, more: Mapping[str, float | None]) -> dict[str, str]:
    why = {name: text for quantity, text in scores.unknown(row).items() for name in _WIRE_NAMES[quantity]}
    return why | {name: scores.reason(row) or "not known for this bar" for name, value in more.items() if value is None}


def values_of(point: Point) -> list[object]:
    return [getattr(point, name) for name in POINT_FIELDS]
