"""Scored slots as rows: what was computed becomes points, and points become Snapshots in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat
from typing import Any

import numpy as np
from django.db import connection
from psycopg.types.json import Jsonb

from analytics.core.metrics import metrics
from analytics.core.payloads import POINT_FIELDS, Point, finite, has_column
from analytics.core.scoring.scores import Forming, Scores
from analytics.models import PairSpec, Snapshot
from market.core.types import F64


@dataclass(frozen=True, slots=True)
class Computed:
    """The scores of one spec, waiting to be stored. `is_whole` after a cold start: most of them are stored already."""

    spec: PairSpec
    scores: Scores
    points: list[Point]
    is_whole: bool

    def new_points(self) -> list[Point]:
        if not self.is_whole:
            return self.points
        stored = Snapshot.objects.filter(spec=self.spec).values_list("opened_at", *POINT_FIELDS)
        known = {int(opened.timestamp() * 1000): values for opened, *values in stored}
        return [point for point in self.points if known.get(point.opened_ms) != _values_of(point)]

    def memory_of(self, point: Point) -> list[float] | None:
        """State of a method with memory after the point, where it is kept."""
        row = (point.opened_ms - int(self.scores.opened_ms[0])) // self.scores.grid.timeframe.ms
        memory = self.scores.memories.get(row)
        return None if memory is None or not np.all(np.isfinite(memory)) else [float(value) for value in memory]

    def last_ticks(self) -> dict[str, int | None]:
        grid = self.scores.grid
        return {
            name: int(times[-1]) if times[-1] >= 0 else None
            for name, times in (("last_y_ms", grid.last_y_ms), ("last_x_ms", grid.last_x_ms))
        }


def points_of(scores: Scores) -> list[Point]:
    """The scored slots as points, unknown as None."""
    grid = scores.grid
    prices = slice(scores.start, scores.start + len(scores))
    columns = (
        grid.y[prices],
        grid.x[prices],
        scores.hedge_ratio,
        scores.intercept,
        scores.spread,
        scores.zscore,
        scores.correlation,
        scores.stderr,
        scores.intercept_stderr,
        scores.r2,
    )
    more = _more(scores)
    rows = zip(
        scores.opened_ms.tolist(),
        *([finite(value) for value in column.tolist()] for column in columns),
        scores.n_valid.tolist(),
        [finite(value) for value in scores.innovation.tolist()],
        more or repeat(None, len(scores)),
        (_unknown(scores, row, more[row] if more else {}) for row in range(len(scores))),
        strict=True,
    )
    return [Point(*values) for values in rows]


def forming_of(forming: Forming) -> dict[str, float | None]:
    """What the forming bar is scored with, on the wire."""
    return {name: finite(getattr(forming, name)) for name in ("ratio", "intercept", "mean", "std")}


def memory_before(spec: PairSpec, slot_ms: int) -> tuple[int, F64] | None:
    """(open of the slot that it predicts, state) of the newest state that is stored for a slot up to this one."""
    width = spec.timeframe * 1_000
    row = (
        Snapshot.objects.filter(spec=spec, memory__isnull=False, opened_at__lte=_moment(slot_ms - width))
        .order_by("-opened_at")
        .values_list("opened_at", "memory")
        .first()
    )
    if row is None:
        return None
    return round(row[0].timestamp() * 1000) + width, np.array(row[1], np.float64)


def _more(scores: Scores) -> list[dict[str, float | None]]:
    """Metrics that have no column, for each row; empty when there are none."""
    extra = [metric for metric in metrics("bar") if not has_column(metric.name)]
    if not extra:
        return []
    columns = {m.name: [finite(value) for value in m.series(scores).tolist()] for m in extra if m.series}
    return [{name: values[row] for name, values in columns.items()} for row in range(len(scores))]


_WIRE_NAMES = {"hedge_ratio": ("beta", "alpha"), "spread": ("spread",), "zscore": ("z",), "correlation": ("corr",)}


def _unknown(scores: Scores, row: int, more: Mapping[str, float | None]) -> dict[str, str]:
    why = {name: text for quantity, text in scores.unknown(row).items() for name in _WIRE_NAMES[quantity]}
    return why | {name: scores.reason(row) or "not known for this bar" for name, value in more.items() if value is None}


def _values_of(point: Point) -> list[object]:
    return [getattr(point, name) for name in POINT_FIELDS]


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)


def next_seqs(computed: Sequence[Computed]) -> dict[int, int]:
    """The next number of each spec's topic, and what its forming bar is scored with, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE analytics_pairspec s SET seq = seq + 1, forming = f.forming"
            " FROM unnest(%s::bigint[], %s::jsonb[]) AS f(id, forming) WHERE s.id = f.id RETURNING s.id, s.seq",
            [
                [found.spec.pk for found in computed],
                [Jsonb(forming_of(found.scores.forming)) for found in computed],
            ],
        )
        return dict(cursor.fetchall())


_TYPES = dict.fromkeys(POINT_FIELDS, "float8") | {"hedge_n": "int4", "more": "jsonb", "unknown": "jsonb"}
_COLUMNS = {"spec_id": "bigint", "opened_ms": "bigint", "seq": "bigint", **_TYPES, "memory": "jsonb"}
_STORED = ", ".join([*POINT_FIELDS, "memory"])
# names of columns only, nothing that anybody typed
_STORE = f"""
    INSERT INTO analytics_snapshot (spec_id, opened_at, seq, {_STORED})
    SELECT spec_id, to_timestamp(opened_ms / 1000.0), seq, {_STORED}
    FROM unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())}) AS r({", ".join(_COLUMNS)})
    ON CONFLICT (spec_id, opened_at) DO UPDATE SET
        {", ".join(f"{name} = EXCLUDED.{name}" for name in ("seq", *POINT_FIELDS, "memory"))}
"""  # noqa: S608


def store(fresh: Sequence[tuple[Computed, list[Point]]], seqs: dict[int, int]) -> None:
    """Write the points with the numbers of the messages that will carry them."""
    rows = [
        (found.spec.pk, point.opened_ms, seqs[found.spec.pk], *_values_of(point), found.memory_of(point))
        for found, points in fresh
        for point in points
    ]
    if not rows:
        return
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)]
    for at, kind in enumerate(_COLUMNS.values()):
        if kind == "jsonb":
            columns[at] = [None if value is None else Jsonb(value) for value in columns[at]]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, columns)
