"""Topic `bars.<venue:SYMBOL>@<timeframe>`: bars of one instrument, the forming one included."""

from collections.abc import Collection

import numpy as np
from django.conf import settings

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind, no_such
from analytics.topics.price import known_instruments
from market.core.types import BAR_DTYPE, Timeframe
from market.frames import load_bars
from market.models import Bar, BarCursor, Instrument
from market.series import bar_points
from market.topics import encode


class BarsTopic(TopicKind):
    name = "bars"
    merge = Merge.POINTS

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """For everybody who is logged in, as prices are."""
        named = {(user, key): key.rpartition("@") for user, key in asks}
        labels = {timeframe.label for timeframe in Timeframe}
        known = known_instruments({(user, name) for (user, _), (name, _, _) in named.items()})
        return {ask for ask, (name, _, label) in named.items() if (ask[0], name) in known and label in labels}

    def frame(self, key: str, since: int | None, points: int) -> str:
        """A number tells how far the bars were, not which of them changed: who is behind gets the newest bars anew."""
        name, _, label = key.rpartition("@")
        instrument = Instrument.objects.named(name).first()
        if instrument is None or label not in {timeframe.label for timeframe in Timeframe}:
            raise no_such(f"bars.{key}")
        timeframe = Timeframe.from_label(label)
        # Read before the bars: they may be newer than this number, never older
        seq = bars_seq(instrument.pk)
        bars = np.empty(0, BAR_DTYPE)
        newest = Bar.objects.of(instrument.pk, int(timeframe)).values_list("opened_at", flat=True).last()
        if newest is not None and since != seq:
            newest_ms = round(newest.timestamp() * 1_000)
            bars = load_bars(instrument.pk, int(timeframe), newest_ms - (points - 1) * timeframe.ms)
        is_delta = since == seq
        return encode(
            f"bars.{key}",
            seq=seq,
            prev=since if is_delta else None,
            at=int(bars["last_ms"][-1]) if len(bars) else 0,
            kind="delta" if is_delta else "snapshot",
            data={"points": bar_points(bars)},
        )


def bars_seq(instrument_id: int) -> int:
    """Number of the newest ingest batch whose bars are stored."""
    shard = instrument_id % settings.BAR_SHARDS
    return BarCursor.objects.filter(shard=shard).values_list("batch_id", flat=True).first() or 0
