"""Topic `funding.<venue:SYMBOL>`: rate, next time and interval of one perpetual's funding."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind
from analytics.topics.instruments import instrument_named, known_instruments
from market.funding import funding_frame
from market.models import FundingState


class FundingTopic(TopicKind):
    name = "funding"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        return known_instruments(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        instrument = instrument_named(key, f"funding.{key}")
        return funding_frame(instrument, FundingState.objects.filter(instrument=instrument).first())
