"""Warm bars of the legs: filled from Postgres once, then by what changed."""

from dataclasses import dataclass, field

import numpy as np
from django.db import connection

from market.core.bars import Bars
from market.core.types import Timeframe
from market.frames import load_bars

Key = tuple[int, int]  # instrument id, timeframe


@dataclass
class Ring:
    """The newest bars of one instrument and timeframe, rising; complete from `reaches_ms` on.

    The newest final bar before that is held too: a leg that stands still is as old as its last tick.
    """

    bars: Bars
    reaches_ms: int

    def merge(self, newer: Bars, from_ms: int) -> None:
        """Replace everything from `from_ms` on."""
        kept = self.bars[: int(np.searchsorted(self.bars["opened_ms"], from_ms))]
        self.bars = np.concatenate([kept, newer])

    def since(self, ms: int) -> Bars:
        """The bars that opened at `ms` or later, and the one before them."""
        return self.bars[max(int(np.searchsorted(self.bars["opened_ms"], ms)) - 1, 0) :]

    def drop_before(self, ms: int) -> None:
        """Let go of bars that opened before `ms`, but for the newest of them."""
        self.bars = self.since(ms)
        self.reaches_ms = max(self.reaches_ms, ms)


@dataclass
class Rings:
    """Rings of one worker, by instrument and timeframe."""

    rings: dict[Key, Ring] = field(default_factory=dict)

    def of(self, instrument_id: int, timeframe: Timeframe, reach_ms: int) -> Ring:
        """The ring of a leg, complete from `reach_ms` on."""
        key = (instrument_id, int(timeframe))
        ring = self.rings.get(key)
        if ring is None or ring.reaches_ms > reach_ms:
            ring = self.rings[key] = _load(key, reach_ms)
        return ring

    def apply(self, opens: dict[Key, int]) -> None:
        """Fetch what changed: the bars from each earliest changed open on."""
        for key, opened_ms in opens.items():
            ring = self.rings.get(key)
            if ring is None:
                continue
            if opened_ms < ring.reaches_ms:
                self.rings[key] = _load(key, ring.reaches_ms)
            else:
                ring.merge(load_bars(*key, opened_ms), opened_ms)

    def keep(self, reaches: dict[Key, int]) -> None:
        """Let go of rings that are not named, and in the others of what is older than their reach."""
        for key in self.rings.keys() - reaches.keys():
            del self.rings[key]
        for key, ring in self.rings.items():
            ring.drop_before(reaches[key])


def _load(key: Key, reach_ms: int) -> Ring:
    before_ms = _newest_before_ms(key, reach_ms)
    return Ring(load_bars(*key, reach_ms if before_ms is None else before_ms), reach_ms)


def _newest_before_ms(key: Key, ms: int) -> int | None:
    """Open of the newest final bar of a leg before an open, in ms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (extract(epoch FROM opened_at) * 1000)::bigint FROM market_bar WHERE instrument_id = %s"
            " AND timeframe = %s AND source = 0 AND flags & 1 = 1 AND opened_at < to_timestamp(%s)"
            " ORDER BY opened_at DESC LIMIT 1",
            [*key, ms / 1000],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


def first_open_ms(instrument_id: int, timeframe: Timeframe) -> int | None:
    """Open of the oldest final bar of a leg, in ms."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (extract(epoch FROM opened_at) * 1000)::bigint FROM market_bar"
            " WHERE instrument_id = %s AND timeframe = %s AND source = 0 AND flags & 1 = 1 ORDER BY opened_at LIMIT 1",
            [instrument_id, int(timeframe)],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None
