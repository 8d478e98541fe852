"""Computed slots on their way to Postgres: the rows of one step and their sequence numbers, one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from psycopg.types.json import Jsonb

from analytics.core.payloads import POINT_FIELDS, Point
from analytics.core.scoring.scores import Scores
from analytics.models import PairSpec
from analytics.points import forming_of, points_of, values_of
from analytics.stored import changed_rows


@dataclass(frozen=True, slots=True)
class Computed:
    """The scores of one spec, waiting to be stored. `is_whole` after a cold start: most of them are stored already."""

    spec: PairSpec
    scores: Scores
    is_whole: bool

    @property
    def newest(self) -> Point:
        return points_of(self.scores, [len(self.scores) - 1])[0]

    @property
    def closed_ms(self) -> int:
        """End of the newest bar."""
        return int(self.scores.opened_ms[-1]) + self.scores.grid.timeframe.ms

    def new_points(self) -> list[Point]:
        """What is not stored yet, or differs from what is."""
        return points_of(self.scores, changed_rows(self.spec, self.scores) if self.is_whole else None)

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
        (found.spec.pk, point.opened_ms, seqs[found.spec.pk], *values_of(point), found.memory_of(point))
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
