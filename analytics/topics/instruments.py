"""What the topics of an instrument share: who may listen, and which instrument a key names."""

from collections.abc import Collection

from analytics.topics.base import Ask, no_such
from market.models import Instrument


def known_instruments(asks: Collection[Ask]) -> set[Ask]:
    """Asks whose key is the name of a public instrument: these are for everybody who is logged in."""
    symbols = {key.partition(":")[2] for _, key in asks}
    known = {str(each) for each in Instrument.objects.filter(symbol__in=symbols)}
    return {ask for ask in asks if ask[1] in known}


def instrument_named(name: str, topic: str) -> Instrument:
    """RefusedError 404 for `topic` when there is none of this name."""
    instrument = Instrument.objects.named(name).first()
    if instrument is None:
        raise no_such(topic)
    return instrument
