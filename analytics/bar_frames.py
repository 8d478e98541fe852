"""Changed bars to those who look at them. Runs in the worker of the bars, after their commit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from analytics.publish import listened, publish_all
from market.core.bars import Bars
from market.core.types import BAR_DTYPE, Timeframe
from market.frames import load_bars_changed
from market.models import Instrument
from market.resample import Changes, Key
from market.series import bar_points
from market.topics import encode

#: more bars than this in one delta are cheaper as a fresh snapshot
MOST = 1_000


@dataclass
class BarFrames:
    """The frames of one shard of bars.

    A frame's `prev` is the newest batch before it that changed the series, told or not: who has the series as of that
    batch or of a later one misses nothing. Batches before `begun` are those that this process has not seen.
    """

    told: int | None = None
    begun: int = 0
    changed: dict[Key, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def publish(self, changes: Changes) -> int:
        """Tell the listeners of each changed series; how many frames."""
        prevs = self._note(changes)
        topics = self._topics(changes.opens)
        heard = listened(list(topics))
        keys = {topics[topic] for topic in heard}
        bars = load_bars_changed({key: changes.opens[key] for key in keys}, changes.from_batch)
        publish_all(
            {topic: _frame(topic, bars.get(topics[topic], _NONE), changes, prevs[topics[topic]]) for topic in heard}
        )
        return len(heard)

    def _note(self, changes: Changes) -> dict[Key, int]:
        """What changed each of the series before; noted first, so that a frame that fails is a hole and no lie."""
        if self.told != changes.from_batch:
            self.changed.clear()
            self.begun = changes.from_batch
        prevs = {key: self.changed.get(key, self.begun) for key in changes.opens}
        self.changed |= dict.fromkeys(changes.opens, changes.to_batch)
        self.told = changes.to_batch
        return prevs

    def _topics(self, keys: Iterable[Key]) -> dict[str, Key]:
        wanted = list(keys)
        if missing := {instrument for instrument, _ in wanted} - self.names.keys():
            self.names |= {each.pk: str(each) for each in Instrument.objects.filter(pk__in=missing)}
        known = [key for key in wanted if key[0] in self.names]
        return {f"bars.{self.names[instrument]}@{Timeframe(tf).label}": (instrument, tf) for instrument, tf in known}


_NONE = np.empty(0, BAR_DTYPE)


def _frame(topic: str, bars: Bars, changes: Changes, prev: int) -> str:
    if len(bars) > MOST:
        return encode(topic, seq=changes.to_batch, prev=prev, at=0, kind="resync", data={})
    at = int(bars["last_ms"][-1]) if len(bars) else 0
    data = {"points": bar_points(bars)}
    return encode(topic, seq=changes.to_batch, prev=prev, at=at, kind="delta", data=data)


@cache
def bar_frames(shard: int) -> BarFrames:
    """The one of this process and shard."""
    return BarFrames()
