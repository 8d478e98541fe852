"""Klines of the ledger in the venue's form: exact decimals, empty intervals carried forward."""

from typing import Any

import numpy as np
import numpy.typing as npt

from market.simulator.decimals import join
from market.simulator.ledger import Rows

I64 = npt.NDArray[np.int64]

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
INTERVALS = {
    **{f"{count}m": count * _MINUTE for count in (1, 3, 5, 15, 30)},
    **{f"{count}h": count * _HOUR for count in (1, 2, 4, 6, 8, 12)},
    **{f"{count}d": count * _DAY for count in (1, 3)},
    "1w": 7 * _DAY,
}
MONTH = "1M"
#: 1970-01-01 was a Thursday; weeks open on Monday
_WEEK_SHIFT = 4 * _DAY

Kline = list[Any]


def opens_of(times_ms: I64, interval: str) -> I64:
    """Open time of the interval each time lies in."""
    if interval == MONTH:
        months = times_ms.astype("datetime64[ms]").astype("datetime64[M]")
        return months.astype("datetime64[ms]").astype(np.int64)
    shift = _WEEK_SHIFT if interval == "1w" else 0
    width = INTERVALS[interval]
    return (times_ms - shift) // width * width + shift


def next_open(open_ms: int, interval: str) -> int:
    if interval == MONTH:
        month = np.datetime64(open_ms, "ms").astype("datetime64[M]") + 1
        return int(month.astype("datetime64[ms]").astype(np.int64))
    return open_ms + INTERVALS[interval]


def klines(rows: Rows, interval: str, *, until_ms: int) -> list[Kline]:
    """Klines from the first trade of `rows` to `until_ms`; an interval without trade repeats the close before it."""
    rows = rows[rows["size"] > 0]
    if len(rows) == 0:
        return []
    opens = opens_of(rows["traded_ms"], interval)
    starts = np.flatnonzero(np.concatenate(([True], opens[1:] != opens[:-1])))
    ends = np.append(starts[1:], len(rows))
    scales = int(rows["price_scale"].max()), int(rows["size_scale"].max())
    found: list[Kline] = []
    for begin, end in zip(starts.tolist(), ends.tolist(), strict=True):
        open_ms = int(opens[begin])
        _carry(found, interval, until_ms=open_ms)
        found.append(_kline(rows[begin:end], open_ms, interval, scales))
    _carry(found, interval, until_ms=until_ms + 1)
    return found


def _carry(found: list[Kline], interval: str, *, until_ms: int) -> None:
    """Append empty klines until the one that opens at or after `until_ms`."""
    while found and found[-1][6] + 1 < until_ms:
        open_ms, close = found[-1][6] + 1, found[-1][4]
        end_ms = next_open(open_ms, interval) - 1
        found.append([open_ms, close, close, close, close, "0", end_ms, "0", 0, "0", "0", "0"])


def _kline(rows: Rows, open_ms: int, interval: str, scales: tuple[int, int]) -> Kline:
    price_scale, size_scale = scales
    prices = rows["price"] * 10 ** (price_scale - rows["price_scale"].astype(np.int64))
    sizes = rows["size"] * 10 ** (size_scale - rows["size_scale"].astype(np.int64))
    is_taker_buy = ~rows["is_buyer_maker"]
    quotes = prices * sizes
    ohlc = (prices[0], prices.max(), prices.min(), prices[-1])
    quote_scale = price_scale + size_scale
    return [
        open_ms,
        *(join(int(price), price_scale) for price in ohlc),
        join(int(sizes.sum()), size_scale),
        next_open(open_ms, interval) - 1,
        join(int(quotes.sum()), quote_scale),
        int((rows["last"] - rows["first"] + 1).sum()),
        join(int(sizes[is_taker_buy].sum()), size_scale),
        join(int(quotes[is_taker_buy].sum()), quote_scale),
        "0",
    ]
