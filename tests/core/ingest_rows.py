"""Short ways to write ticks in tests of the recorder."""

from collections.abc import Sequence

from market.core.types import TICK_DTYPE
from market.venues.base import Rows, columns, no_rows


def ticks(instrument: int, ids: Sequence[int], *, start_ms: int = 1_700_000_000_000, price: float = 100.0) -> Rows:
    """Ticks of one instrument, 10 ms apart by id."""
    if not ids:
        return no_rows()
    return columns(
        trade_id=list(ids),
        traded_ms=[start_ms + 10 * i for i in ids],
        price=price,
        size=1.0,
        instrument=instrument,
        is_buyer_maker=False,
    ).astype(TICK_DTYPE)


def agg_trade(symbol: str, trade_id: int, **changes: object) -> bytes:
    """A combined-stream frame as the venue sends it."""
    values = {"p": '"100.50"', "q": '"0.250"', "T": "1700000000000", "E": "1700000000150", "m": "true", "st": "1"}
    values.update({name: str(value) for name, value in changes.items()})
    return (
        f'{{"stream":"{symbol.lower()}@aggTrade","data":{{"e":"aggTrade","E":{values["E"]},"a":{trade_id},'
        f'"s":"{symbol}","p":{values["p"]},"q":{values["q"]},"nq":{values["q"]},"f":1,"l":1,"T":{values["T"]},'
        f'"m":{values["m"]},"st":{values["st"]}}}}}'
    ).encode()
