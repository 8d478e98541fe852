"""Changed bars to those who look at them. Runs in the worker of the bars, after their commit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from analytics.publish import listened, publish
from market.core.types import Timeframe
from market.frames import load_bars
from market.models import Instrument
from market.resample import Changes, Key
from market.series import bar_points
from market.topics import encode

#: more bars than this in one delta are cheaper as a fresh snapshot
MOST = 1_000


@dataclass
class BarFrames:
    """`sent` is the number of the last frame of each topic that went to listeners without a break since."""

    sent: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def publish(self, changes: Changes) -> int:
        """Tell the listeners of each changed series; how many frames."""
        topics = self._topics(changes.opens)
        heard = listened(list(topics))
        for topic in self.sent.keys() & (topics.keys() - heard):
            # A change that is not told breaks the chain
            del self.sent[topic]
        for topic in heard:
            publish(topic, self._frame(topic, topics[topic], changes))
            self.sent[topic] = changes.to_batch
        return len(heard)

    def _topics(self, keys: Iterable[Key]) -> dict[str, Key]:
        wanted = list(keys)
        if missing := {instrument for instrument, _ in wanted} - self.names.keys():
            self.names |= {each.pk: str(each) for each in Instrument.objects.filter(pk__in=missing)}
        return {f"bars.{self.names[instrument]}@{Timeframe(tf).label}": (instrument, tf) for instrument, tf in wanted}

    def _frame(self, topic: str, key: Key, changes: Changes) -> str:
        prev = self.sent.get(topic)
        if prev is not None:
            bars = load_bars(*key, changes.opens[key])
            if len(bars) <= MOST:
                at = int(bars["last_ms"][-1]) if len(bars) else 0
                data = {"points": bar_points(bars)}
                return encode(topic, seq=changes.to_batch, prev=prev, at=at, kind="delta", data=data)
        return encode(topic, seq=changes.to_batch, prev=prev, at=0, kind="resync", data={})


@cache
def bar_frames() -> BarFrames:
    """The one of this process."""
    return BarFrames()
