"""Topic `price.<venue:SYMBOL>`: the last trade of one instrument."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind
from analytics.topics.instruments import instrument_named, known_instruments
from market.models import SymbolState
from market.topics import encode


class PriceTopic(TopicKind):
    name = "price"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        return known_instruments(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        instrument = instrument_named(key, f"price.{key}")
        state = SymbolState.objects.filter(instrument=instrument).first()
        seq = state.last_trade_id if state and state.last_trade_id is not None else -1
        at = state.last_trade_ms if state and state.last_trade_ms is not None else 0
        data = {
            "price": state.last_price if state else None,
            "size": None,
            "trade_id": seq if seq >= 0 else None,
            "ms": at or None,
            "received_ms": None,
            "published_ms": None,
        }
        return encode(f"price.{key}", seq=seq, prev=None, at=at, kind="snapshot", data=data)
