"""New ticks to stored bars: reads the ingest batches in order, recomputes only what they touch."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from market.core.bars import LATENESS_MS, Bars, Ticks, is_final, merge_revision, resample
from market.core.types import BAR_DTYPE, BarFlag, Timeframe
from market.frames import IdRange, TimeRange, load_bars_at, load_ticks_by_id, load_ticks_by_time
from market.models import BarCursor, IngestBatch
from market.signals import bars_changed

BATCHES_PER_STEP = 400

Key = tuple[int, int]  # instrument id, timeframe


@dataclass
class Changes:
    """What one step changed: the earliest changed open of each (instrument, timeframe)."""

    from_batch: int
    to_batch: int
    #: newest event time of each venue
    watermarks: dict[str, int]
    received_ms: int | None
    committed_ms: int
    opens: dict[Key, int] = field(default_factory=dict)

    def add(self, key: Key, opened_ms: int) -> None:
        self.opens[key] = min(opened_ms, self.opens.get(key, opened_ms))


def close_bars(shard: int) -> bool:
    """Read the next batches of one shard and store the bars they touch; True when there was work.

    Two workers at once are harmless: the cursor row is locked, the second one has nothing to do.
    """
    with transaction.atomic():
        BarCursor.objects.get_or_create(shard=shard)
        cursor = BarCursor.objects.select_for_update(skip_locked=True).filter(shard=shard).first()
        if cursor is None:
            return False
        batches = list(IngestBatch.objects.filter(id__gt=cursor.batch_id).order_by("id")[:BATCHES_PER_STEP])
        if not batches:
            return False
        received = [batch.received_ms for batch in batches if batch.received_ms is not None]
        changes = Changes(
            from_batch=cursor.batch_id,
            to_batch=batches[-1].id,
            watermarks=_risen(cursor.watermarks, batches),
            received_ms=min(received) if received else None,
            committed_ms=int(batches[-1].committed_at.timestamp() * 1000),
        )
        ranges = [
            IdRange(*row[:5]) for batch in batches for row in batch.ranges if row[0] % settings.BAR_SHARDS == shard
        ]
        venues = {row[0]: batch.venue for batch in batches for row in batch.ranges}
        _store(_touched_bars(ranges), venues, changes)
        _close_passed(shard, changes)
        _mark_gaps(shard, {r.instrument_id for r in ranges}, changes)
        cursor.batch_id, cursor.watermarks = changes.to_batch, changes.watermarks
        cursor.save(update_fields=["batch_id", "watermarks"])
    bars_changed.send(sender=BarCursor, shard=shard, changes=changes)
    return True


def recompute(instrument_id: int, timeframe: Timeframe, first_ms: int, last_ms: int) -> Bars:
    """The bars of a stretch computed from all of its ticks, without reading a stored bar."""
    start = first_ms - first_ms % timeframe.ms
    stop = last_ms - last_ms % timeframe.ms + timeframe.ms - 1
    return resample(load_ticks_by_time([TimeRange(instrument_id, start, stop)]), timeframe)


def _risen(watermarks: dict[str, int], batches: list[IngestBatch]) -> dict[str, int]:
    risen = dict(watermarks)
    for batch in batches:
        risen[batch.venue] = max(batch.watermark_ms, risen.get(batch.venue, 0))
    return risen


def _touched_bars(ranges: list[IdRange]) -> dict[Key, Bars]:
    ticks = load_ticks_by_id(ranges)
    names, starts = np.unique(ticks["instrument"], return_index=True)
    parts = dict(zip(names.tolist(), np.split(ticks, starts[1:]), strict=True)) if len(ticks) else {}
    stored = load_bars_at(
        (instrument, timeframe, int(opened))
        for instrument, part in parts.items()
        for timeframe in Timeframe
        for opened in np.unique(part["traded_ms"] // timeframe.ms * timeframe.ms)
    )
    return {
        (instrument, timeframe): _advance(
            instrument, timeframe, part, stored.get((instrument, timeframe), np.empty(0, BAR_DTYPE))
        )
        for instrument, part in parts.items()
        for timeframe in Timeframe
    }


def _advance(instrument: int, timeframe: Timeframe, ticks: Ticks, stored: Bars) -> Bars:
    """Fold new ticks onto the stored bars; a bar that got an older tick is computed anew from all of its ticks."""
    opens = ticks["traded_ms"] // timeframe.ms * timeframe.ms
    places = np.searchsorted(stored["opened_ms"], opens)
    is_known = np.zeros(len(ticks), bool)
    inside = places < len(stored)
    is_known[inside] = stored["opened_ms"][places[inside]] == opens[inside]
    is_late = np.zeros(len(ticks), bool)
    is_late[is_known] = ticks["trade_id"][is_known] <= stored["last_id"][places[is_known]]
    late_opens = np.unique(opens[is_late])
    is_anew = np.isin(opens, late_opens)
    folded = resample(ticks[~is_anew], timeframe, start=stored[~np.isin(stored["opened_ms"], late_opens)])
    parts = [folded] + [
        resample(load_ticks_by_time([TimeRange(instrument, int(o), int(o) + timeframe.ms - 1)]), timeframe)
        for o in late_opens
    ]
    bars = np.sort(np.concatenate(parts), order="opened_ms")
    return merge_revision(stored, bars)


def _store(bars: dict[Key, Bars], venues: dict[int, str], changes: Changes) -> None:
    columns: dict[str, list[object]] = defaultdict(list)
    for (instrument, timeframe), rows in bars.items():
        final = is_final(rows["opened_ms"], Timeframe(timeframe), changes.watermarks[venues[instrument]])
        rows["flags"][final] |= int(BarFlag.FINAL)
        columns["instrument_id"] += [instrument] * len(rows)
        columns["timeframe"] += [int(timeframe)] * len(rows)
        for name in _BAR_TYPES:
            columns[name] += rows[name].tolist()
        changes.add((instrument, int(timeframe)), int(rows["opened_ms"][0]))
    if not columns:
        return
    with connection.cursor() as cursor:
        values = [columns[name] for name in ("instrument_id", "timeframe", *_BAR_TYPES)]
        cursor.execute(_UPSERT, [changes.to_batch, *values])


_BAR_TYPES = {
    "opened_ms": "bigint",
    **dict.fromkeys(("open", "high", "low", "close", "volume", "quote_volume", "buy_volume"), "float8"),
    **dict.fromkeys(("trades", "first_id", "last_id", "first_ms", "last_ms"), "bigint"),
    "revision": "int",
    "flags": "int",
}
_UPDATED = [name for name in _BAR_TYPES if name != "opened_ms"]
_UPSERT = f"""
    INSERT INTO market_bar (instrument_id, timeframe, source, opened_at, batch, {", ".join(_UPDATED)})
    SELECT i, t, 0, to_timestamp(opened_ms / 1000.0), %s, {", ".join(_UPDATED)}
    FROM unnest(%s::int[], %s::smallint[], {", ".join(f"%s::{kind}[]" for kind in _BAR_TYPES.values())})
        AS r(i, t, {", ".join(_BAR_TYPES)})
    ON CONFLICT (instrument_id, timeframe, source, opened_at)
    DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in ("batch", *_UPDATED))}
"""  # noqa: S608  names of our own columns only

_CLOSE = """
    UPDATE market_bar b SET flags = flags | 1, batch = %s
    FROM market_instrument i JOIN unnest(%s::text[], %s::bigint[]) AS w(venue, newest_ms) ON i.venue = w.venue
    WHERE i.id = b.instrument_id AND b.flags & 1 = 0 AND b.source = 0 AND b.instrument_id %% %s = %s
      AND b.opened_at + b.timeframe * interval '1 second' <= to_timestamp((w.newest_ms - %s) / 1000.0)
    RETURNING b.instrument_id, b.timeframe, (extract(epoch FROM b.opened_at) * 1000)::bigint
"""

# Bars that a known gap overlaps and are not marked, and marked bars that no gap overlaps any more
_MARK_GAPS = """
    UPDATE market_bar b SET flags = flags | 2, batch = %(batch)s
    FROM market_gap g
    WHERE g.state <> 'filled' AND g.instrument_id = ANY(%(instruments)s)
      AND b.instrument_id = g.instrument_id AND b.source = 0 AND b.timeframe = ANY(%(timeframes)s)
      AND b.opened_at > to_timestamp(g.first_ms / 1000.0) - b.timeframe * interval '1 second'
      AND b.opened_at > to_timestamp(g.first_ms / 1000.0) - interval '1 hour'
      AND b.opened_at <= to_timestamp(g.last_ms / 1000.0) AND b.flags & 2 = 0
    RETURNING b.instrument_id, b.timeframe, (extract(epoch FROM b.opened_at) * 1000)::bigint
"""
_UNMARK_GAPS = """
    UPDATE market_bar b SET flags = flags & ~2, batch = %(batch)s
    WHERE b.flags & 2 <> 0 AND b.source = 0 AND b.instrument_id %% %(shards)s = %(shard)s AND NOT EXISTS (
        SELECT FROM market_gap g
        WHERE g.state <> 'filled' AND g.instrument_id = b.instrument_id
          AND to_timestamp(g.first_ms / 1000.0) < b.opened_at + b.timeframe * interval '1 second'
          AND to_timestamp(g.last_ms / 1000.0) >= b.opened_at)
    RETURNING b.instrument_id, b.timeframe, (extract(epoch FROM b.opened_at) * 1000)::bigint
"""


def _close_passed(shard: int, changes: Changes) -> None:
    """Close what the watermark has passed: a quiet symbol's bar ends without a tick of its own (D14)."""
    with connection.cursor() as cursor:
        venues, newest = list(changes.watermarks), list(changes.watermarks.values())
        cursor.execute(_CLOSE, [changes.to_batch, venues, newest, settings.BAR_SHARDS, shard, LATENESS_MS])
        for instrument, timeframe, opened_ms in cursor.fetchall():
            changes.add((instrument, timeframe), opened_ms)


def _mark_gaps(shard: int, instruments: set[int], changes: Changes) -> None:
    with connection.cursor() as cursor:
        batch = {"batch": changes.to_batch}
        cursor.execute(
            _MARK_GAPS, batch | {"instruments": list(instruments), "timeframes": [int(t) for t in Timeframe]}
        )
        rows = cursor.fetchall()
        cursor.execute(_UNMARK_GAPS, batch | {"shards": settings.BAR_SHARDS, "shard": shard})
        for instrument, timeframe, opened_ms in rows + cursor.fetchall():
            changes.add((instrument, timeframe), opened_ms)
