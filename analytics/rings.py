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
    """The newest bars of one instrument and timeframe, rising; `reaches_ms` is how far back they are complete."""

    bars: Bars
    reaches_ms: int

    def merge(self, newer: Bars, from_ms: int) -> None:
        """Replace everything from `from_ms` on."""
        kept = self.bars[: int(np.searchsorted(self.bars["opened_ms"], from_ms))]
        self.bars = np.concatenate([kept, newer])

    def since(self, ms: int) -> Bars:
        """The bars that opened at `ms` or later."""
        return self.bars[int(np.searchsorted(self.bars["opened_ms"], ms)) :]

    def drop_before(self, ms: int) -> None:
        self.bars = self.bars[int(np.searchsorted(self.bars["opened_ms"], ms)) :]
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
            ring = Ring(load_bars(instrument_id, int(timeframe), reach_ms), reach_ms)
            self.rings[key] = ring
        return ring

    def apply(self, opens: dict[Key, int]) -> None:
        """Fetch what changed: the bars from each earliest changed open on."""
        for key, opened_ms in opens.items():
            ring = self.rings.get(key)
            if ring is None:
                continue
            from_ms = max(opened_ms, ring.reaches_ms)
            ring.merge(load_bars(*key, from_ms), from_ms)

    def forget(self) -> None:
        self.rings.clear()


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
