"""Topic `price.<venue:SYMBOL>`: the last trade of one instrument."""

from collections.abc import Collection

from analytics.frames import Merge
from analytics.topics.base import Ask, TopicKind, no_such
from market.models import Instrument, SymbolState
from market.topics import encode


def known_instruments(asks: Collection[Ask]) -> set[Ask]:
    """Asks whose key is the name of a public instrument."""
    symbols = {key.partition(":")[2] for _, key in asks}
    known = {str(each) for each in Instrument.objects.filter(symbol__in=symbols)}
    return {ask for ask in asks if ask[1] in known}


class PriceTopic(TopicKind):
    name = "price"
    merge = Merge.NEWEST

    def allowed(self, asks: Collection[Ask]) -> set[Ask]:
        """Prices of public instruments are for everybody who is logged in."""
        return known_instruments(asks)

    def frame(self, key: str, since: int | None, points: int) -> str:
        instrument = Instrument.objects.named(key).first()
        if instrument is None:
            raise no_such(f"price.{key}")
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
