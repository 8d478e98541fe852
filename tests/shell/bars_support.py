"""Ticks and batches as ingest commits them, for tests of what follows."""

from datetime import UTC, datetime

import numpy as np
from django.db import connection

from market.core.bars import Ticks
from market.core.types import TICK_DTYPE
from market.models import IngestBatch, Instrument
from market.partitions import DAY_MS, ensure_day

START = 1_700_000_000_000


def make_instrument(symbol: str, venue: str = "test") -> Instrument:
    ensure_day(START // DAY_MS)
    return Instrument.objects.create(venue=venue, symbol=symbol)


def some_ticks(instrument: Instrument, n: int, *, seed: int = 1, step_ms: int = 700) -> Ticks:
    rng = np.random.default_rng(seed)
    ticks = np.zeros(n, TICK_DTYPE)
    ticks["trade_id"] = 1 + np.arange(n)
    ticks["traded_ms"] = START + np.cumsum(rng.integers(0, step_ms, n))
    ticks["price"] = np.round(100 + rng.normal(0, 1, n).cumsum().clip(-50, 50), 2)
    ticks["size"] = np.round(rng.exponential(1, n) + 0.001, 3)
    ticks["instrument"] = instrument.pk
    ticks["is_buyer_maker"] = rng.random(n) < 0.5
    return ticks


def commit(ticks: Ticks, watermark_ms: int | None = None, venue: str = "test") -> None:
    """What ingest does: ticks and their batch row in one commit."""
    names = ("trade_id", "traded_ms", "price", "size", "instrument", "is_buyer_maker")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO market_tick VALUES (%s, to_timestamp(%s / 1000.0), %s, %s, %s, %s)",
            [[row[name].item() for name in names] for row in ticks],
        )
    ids, times = ticks["trade_id"], ticks["traded_ms"]
    ranges = [
        [int(i), int(ids[m].min()), int(ids[m].max()), int(times[m].min()), int(times[m].max()), int(m.sum())]
        for i in np.unique(ticks["instrument"])
        for m in [ticks["instrument"] == i]
    ]
    newest = IngestBatch.objects.filter(venue=venue).order_by("-watermark_ms").first()
    mark = max(watermark_ms or int(times.max(initial=0)), newest.watermark_ms if newest else 0)
    IngestBatch.objects.create(
        venue=venue, committed_at=datetime.now(UTC), watermark_ms=mark, received_ms=None, ranges=ranges
    )
