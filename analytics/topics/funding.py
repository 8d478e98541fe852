"""Topic `funding.<venue:SYMBOL>`: rate, next time and interval of one perpetual's funding."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind, no_such
from analytics.topics.price import known_instruments
from market.funding import funding_frame
from market.models import FundingState, Instrument


class FundingTopic(TopicKind):
    name = "funding"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """For everybody who is logged in, as prices are."""
        return known_instruments(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        instrument = Instrument.objects.named(key).first()
        if instrument is None:
            raise no_such(f"funding.{key}")
        return funding_frame(instrument, FundingState.objects.filter(instrument=instrument).first())
