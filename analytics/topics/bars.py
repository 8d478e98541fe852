"""Topic `bars.<venue:SYMBOL>@<timeframe>`: bars of one instrument, the forming one included."""

from collections.abc import Collection
from datetime import UTC, datetime

import numpy as np
from django.conf import settings

from analytics.frames import Merge
from analytics.topics.base import MOST_POINTS, Ask, TopicKind, no_such
from analytics.topics.instruments import instrument_named, known_instruments
from market.core.bars import Bars
from market.core.types import BAR_DTYPE, Timeframe
from market.frames import load_bars, load_bars_after
from market.models import Bar, BarCursor
from market.series import bar_points
from market.topics import encode

_LABELS = {timeframe.label for timeframe in Timeframe}


class BarsTopic(TopicKind):
    name = "bars"
    merge = Merge.POINTS

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        named = {(user, key): key.rpartition("@") for user, key in asks}
        known = known_instruments({(user, name) for (user, _), (name, _, _) in named.items()})
        return {ask for ask, (name, _, label) in named.items() if (ask[0], name) in known and label in _LABELS}

    def frame(self, key: str, since: int | None, points: int) -> str:
        name, _, label = key.rpartition("@")
        if label not in _LABELS:
            raise no_such(f"bars.{key}")
        instrument = instrument_named(name, f"bars.{key}")
        timeframe = Timeframe.from_label(label)
        # Read before the bars: they may be newer than this number, never older
        seq = _newest_batch(instrument.pk)
        bars = None if since is None else _changed(instrument.pk, timeframe, since, seq)
        is_delta = bars is not None
        if bars is None:
            bars = _newest(instrument.pk, timeframe, points)
        return encode(
            f"bars.{key}",
            seq=seq,
            prev=since if is_delta else None,
            at=int(bars["last_ms"][-1]) if len(bars) else 0,
            kind="delta" if is_delta else "snapshot",
            data={"points": bar_points(bars)},
        )


def _newest(instrument_id: int, timeframe: Timeframe, points: int) -> Bars:
    """The bars of the newest so many slots."""
    newest_ms = _newest_ms(instrument_id, timeframe)
    if newest_ms is None:
        return np.empty(0, BAR_DTYPE)
    return load_bars(instrument_id, timeframe, newest_ms - (points - 1) * timeframe.ms)


def _changed(instrument_id: int, timeframe: Timeframe, since: int, seq: int) -> Bars | None:
    """Bars that changed after batch `since`, of the newest MOST_POINTS slots; None when older ones may have too."""
    newest_ms = _newest_ms(instrument_id, timeframe)
    if not 0 <= since <= seq or newest_ms is None:
        return None
    first_ms = newest_ms - (MOST_POINTS - 1) * timeframe.ms
    oldest = Bar.objects.of(instrument_id, timeframe).filter(
        opened_at__gte=datetime.fromtimestamp(first_ms / 1_000, UTC)
    )
    if (oldest.values_list("batch", flat=True).first() or 0) > since:
        return None
    return load_bars_after(instrument_id, timeframe, since, first_ms)


def _newest_ms(instrument_id: int, timeframe: Timeframe) -> int | None:
    newest = Bar.objects.of(instrument_id, timeframe).values_list("opened_at", flat=True).last()
    return None if newest is None else round(newest.timestamp() * 1_000)


def _newest_batch(instrument_id: int) -> int:
    """Number of the newest ingest batch whose bars are stored."""
    shard = instrument_id % settings.BAR_SHARDS
    return BarCursor.objects.filter(shard=shard).values_list("batch_id", flat=True).first() or 0
