"""What is stored of a spec, read back: which computed rows are new, and the state a method with memory goes on from."""

from datetime import UTC, datetime

import numpy as np
from psycopg import sql

from analytics.core.metrics import metrics
from analytics.core.payloads import POINT_FIELDS, has_column
from analytics.core.scoring.scores import Scores
from analytics.models import PairSpec, Snapshot
from analytics.points import NUMBERS, numbers_of, points_of, values_of
from market.core.types import F64, I64
from market.frames import Records, copy_rows


def changed_rows(spec: PairSpec, scores: Scores) -> list[int]:
    """Rows that are not stored as they were computed, in rising order.

    Numbers are compared in one go. Rows that carry reasons or metrics without a column, few as a rule, one by one.
    """
    if not len(scores):
        return []
    found = _stored_numbers(spec, int(scores.opened_ms[0]))
    at = np.searchsorted(found["opened_ms"], scores.opened_ms)
    is_there = at < len(found)
    is_there[is_there] = found["opened_ms"][at[is_there]] == scores.opened_ms[is_there]
    is_same = is_there & np.all(scores.reasons[:, :, 0] == 0, axis=1)
    if any(not has_column(metric.name) for metric in metrics("bar")):
        is_same[:] = False
    for name, ours in zip(NUMBERS, numbers_of(scores), strict=True):
        theirs, mine = found[name][at[is_same]], ours[is_same]
        is_same[is_same] = (theirs == mine) | (np.isnan(theirs) & np.isnan(mine))
    is_same[is_same] = found["is_plain"][at[is_same]]
    odd = np.flatnonzero(~is_same & is_there)
    known = _stored_points(spec, scores.opened_ms[odd])
    same = [
        row
        for row, point in zip(odd.tolist(), points_of(scores, odd), strict=True)
        if known.get(point.opened_ms) == values_of(point)
    ]
    is_same[same] = True
    is_same[_relearnt(spec, scores)] = False
    rows: list[int] = np.flatnonzero(~is_same).tolist()
    return rows


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


def forget_memory(spec: PairSpec, since_ms: int = 0) -> None:
    """Drop the states that have learnt from bars at or after an open."""
    Snapshot.objects.filter(spec=spec, memory__isnull=False, opened_at__gte=_moment(since_ms)).update(memory=None)


def _stored_numbers(spec: PairSpec, since_ms: int) -> Records:
    """Stored rows from an open on as records, NaN where NULL; `is_plain` where no reason stands beside them."""
    columns = sql.SQL(", ").join(
        sql.SQL("coalesce({}::float8, 'NaN')").format(sql.Identifier(name)) for name in NUMBERS
    )
    query = sql.SQL(
        "SELECT (extract(epoch FROM opened_at) * 1000)::bigint, {}, unknown = '{{}}'::jsonb AND more IS NULL"
        " FROM analytics_snapshot WHERE spec_id = {} AND opened_at >= to_timestamp({}) ORDER BY opened_at"
    ).format(columns, sql.Literal(spec.pk), sql.Literal(since_ms / 1_000))
    return copy_rows(query, [("opened_ms", "i8"), *((name, "f8") for name in NUMBERS), ("is_plain", "b1")])


def _relearnt(spec: PairSpec, scores: Scores) -> list[int]:
    """Rows whose state is another one than is stored: a line that is hidden, as by holes, learns all the same."""
    kept = {row: memory for row, memory in scores.memories.items() if np.all(np.isfinite(memory))}
    if not kept:
        return []
    moments = {row: _moment(int(scores.opened_ms[row])) for row in kept}
    found = dict(Snapshot.objects.filter(spec=spec, opened_at__in=moments.values()).values_list("opened_at", "memory"))
    return [row for row, memory in kept.items() if found.get(moments[row]) != memory.tolist()]


def _stored_points(spec: PairSpec, opened_ms: I64) -> dict[int, list[object]]:
    rows = Snapshot.objects.filter(spec=spec, opened_at__in=[_moment(ms) for ms in opened_ms.tolist()])
    return {
        round(opened.timestamp() * 1_000): values for opened, *values in rows.values_list("opened_at", *POINT_FIELDS)
    }


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)
