"""Ticks to bars: one fold in id order, the same for the first tick, an appended one and a recomputation.

A bar's sums are a left fold over its ticks in rising trade id. Folding further from a stored bar is
therefore equal, bit for bit, to folding all of its ticks anew (definitions, "sums").
"""

import numba
import numpy as np
import numpy.typing as npt

from market.core.types import BAR_DTYPE, F64, I64, TICK_DTYPE, BarFlag, Timeframe

Bars = npt.NDArray[np.void]
Ticks = npt.NDArray[np.void]


def sorted_by_id(ticks: Ticks) -> Ticks:
    """The ticks of one instrument in rising trade id; unchanged when they already are."""
    ids = ticks["trade_id"]
    if np.all(ids[1:] > ids[:-1]):
        return ticks
    return ticks[np.argsort(ids, kind="stable")]


def resample(ticks: Ticks, timeframe: Timeframe, *, start: Bars | None = None) -> Bars:
    """Bars [open, open + timeframe) of one instrument's ticks, in rising open.

    ticks: shape (n,), TICK_DTYPE, one instrument, rising trade id, no id twice.
    start: bars to fold on from; a tick belongs to a start bar only if its id is above that bar's
    `last_id` (ValueError otherwise: recompute that bar from all of its ticks).
    Flags and revision of start bars are kept; new bars have revision 0 and no flag.
    """
    if ticks.dtype != TICK_DTYPE:
        raise ValueError(f"ticks have dtype {ticks.dtype}, expected TICK_DTYPE")
    ids = np.ascontiguousarray(ticks["trade_id"])
    if np.any(ids[1:] <= ids[:-1]):
        raise ValueError("ticks are not in rising trade id; sort them with sorted_by_id")
    times = np.ascontiguousarray(ticks["traded_ms"])
    opens = times - times % timeframe.ms
    known = np.unique(opens)
    bars = np.zeros(len(known), BAR_DTYPE)
    bars["opened_ms"] = known
    bars["last_id"] = -1
    if start is not None and len(start):
        places = np.searchsorted(known, start["opened_ms"])
        inside = (places < len(known)) & (known[np.minimum(places, len(known) - 1)] == start["opened_ms"])
        bars[places[inside]] = start[inside]
    slots = np.searchsorted(known, opens)
    if np.any(ids <= bars["last_id"][slots]):
        raise ValueError("a tick is older than the bar it continues; recompute that bar from its ticks")
    _fold(
        bars["open"],
        bars["high"],
        bars["low"],
        bars["close"],
        bars["volume"],
        bars["quote_volume"],
        bars["buy_volume"],
        bars["trades"],
        bars["first_id"],
        bars["last_id"],
        bars["first_ms"],
        bars["last_ms"],
        slots,
        ids,
        times,
        np.ascontiguousarray(ticks["price"]),
        np.ascontiguousarray(ticks["size"]),
        np.ascontiguousarray(ticks["is_buyer_maker"]),
    )
    return bars


@numba.njit(cache=True, nogil=True)
def _fold(
    open_: F64,
    high: F64,
    low: F64,
    close: F64,
    volume: F64,
    quote_volume: F64,
    buy_volume: F64,
    trades: I64,
    first_id: I64,
    last_id: I64,
    first_ms: I64,
    last_ms: I64,
    slots: I64,
    ids: I64,
    times: I64,
    prices: F64,
    sizes: F64,
    is_buyer_maker: npt.NDArray[np.bool_],
) -> None:
    for i in range(len(ids)):
        b = slots[i]
        price, size = prices[i], sizes[i]
        if trades[b] == 0:
            open_[b] = high[b] = low[b] = price
            first_id[b] = ids[i]
            first_ms[b] = last_ms[b] = times[i]
        high[b] = max(high[b], price)
        low[b] = min(low[b], price)
        close[b] = price
        volume[b] += size
        quote_volume[b] += price * size
        if not is_buyer_maker[i]:
            buy_volume[b] += size
        trades[b] += 1
        last_id[b] = ids[i]
        first_ms[b] = min(first_ms[b], times[i])
        last_ms[b] = max(last_ms[b], times[i])


def is_final(opened_ms: I64, timeframe: Timeframe, watermark_ms: int, lateness_ms: int) -> npt.NDArray[np.bool_]:
    """True where the watermark has passed the end of the bar by the allowed lateness (D14)."""
    return opened_ms + timeframe.ms + lateness_ms <= watermark_ms


def merge_revision(old: Bars, new: Bars) -> Bars:
    """`new` bars with flags and revision carried on from `old` ones of the same open.

    The revision rises by one where a bar that was final changed in any price, sum or count.
    """
    merged = new.copy()
    places = np.searchsorted(old["opened_ms"], new["opened_ms"])
    for i, place in enumerate(places):
        if place == len(old) or old["opened_ms"][place] != new["opened_ms"][i]:
            continue
        before = old[place]
        was_final = bool(before["flags"] & BarFlag.FINAL)
        merged["flags"][i] = int(merged["flags"][i]) | int(before["flags"] & BarFlag.FINAL)
        is_changed = any(before[name] != new[name][i] for name in _FACTS)
        merged["revision"][i] = before["revision"] + (1 if was_final and is_changed else 0)
    return merged


_FACTS = tuple(name for name in BAR_DTYPE.names or () if name not in ("opened_ms", "revision", "flags"))
