"""Ticks to bars: one fold in id order, the same for the first tick, an appended one and a recomputation.

A bar's sums are a left fold over its ticks in rising trade id. Folding further from a stored bar is
therefore equal, bit for bit, to folding all of its ticks anew (definitions, "sums").
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from market.core.types import BAR_DTYPE, I64, TICK_DTYPE, BarFlag, Timeframe

Bars = npt.NDArray[np.void]
Ticks = npt.NDArray[np.void]
Keys = npt.NDArray[Any]
#: what numba sees of TICK_DTYPE and BAR_DTYPE: rows with attributes
Records = Any

#: allowed lateness (D14): a bar [o, e) is final when the watermark reaches e + LATENESS_MS
LATENESS_MS = 2_000


def sorted_by_id(ticks: Ticks) -> Ticks:
    """The ticks of one instrument in rising trade id; unchanged when they already are."""
    ids = ticks["trade_id"]
    if np.all(ids[1:] > ids[:-1]):
        return ticks
    return ticks[np.argsort(ids, kind="stable")]


def resample(ticks: Ticks, timeframe: Timeframe, *, start: Bars | None = None) -> Bars:
    """Bars [open, open + timeframe) of one instrument's ticks, in rising open.

    ticks: shape (n,), TICK_DTYPE, one instrument, rising trade id, no id twice.
    start: bars in rising open to fold on from; they are part of the result, with their flags and revision. A tick
    belongs to a start bar only if its id is above that bar's `last_id` (ValueError otherwise: recompute that bar from
    all of its ticks). New bars have revision 0 and no flag.
    """
    _, bars = _resampled(ticks, np.zeros(len(ticks), np.int64), timeframe, start)
    return bars


def resample_many(ticks: Ticks, timeframe: Timeframe) -> tuple[I64, Bars]:
    """Bars of many instruments' ticks, mixed as they arrived: (instrument of each bar, bars), sorted by both.

    ticks: shape (n,), TICK_DTYPE, rising trade id within each instrument, no id twice.
    """
    instruments = ticks["instrument"]
    if len(ticks) and instruments.max() < _SMALL_ID:
        return _resampled(ticks, instruments, timeframe, None)
    names, keys = np.unique(instruments, return_inverse=True)
    owners, bars = _resampled(ticks, keys, timeframe, None)
    return names[owners].astype(np.int64), bars


#: instrument ids below it index a table
_SMALL_ID = 30_000
_UNSORTED, _TOO_OLD = -1, -2


def _resampled(ticks: Ticks, keys: Keys, timeframe: Timeframe, start: Bars | None) -> tuple[I64, Bars]:
    if ticks.dtype != TICK_DTYPE:
        raise ValueError(f"ticks have dtype {ticks.dtype}, expected TICK_DTYPE")
    known = 0 if start is None else len(start)
    bars = np.empty(known + len(ticks), BAR_DTYPE)
    largest = int(keys.max(initial=0))
    owners = np.empty(len(bars), np.int16 if largest < _SMALL_ID else np.int64)
    older = np.empty(len(bars), np.int64)
    newest = np.full(largest + 1, -1)
    if start is not None and known:
        bars[:known], owners[:known], older[:known] = start, 0, np.arange(-1, known - 1)
        newest[0] = known - 1
    count, is_ordered = _fold(ticks, keys, timeframe.ms, bars, owners, older, newest, known)
    if count == _UNSORTED:
        raise ValueError("ticks are not in rising trade id; sort them with sorted_by_id")
    if count == _TOO_OLD:
        raise ValueError("a tick is older than the bar it continues; recompute that bar from its ticks")
    bars, owners = bars[:count], owners[:count]
    # Bars of one instrument were opened in order, unless a time ran back; radix sort on 16 bits is stable and quick
    order = np.argsort(owners, kind="stable") if is_ordered else np.lexsort((bars["opened_ms"], owners))
    # Whole words: fancy indexing of records copies field by field
    words = np.take(bars.view(np.int64).reshape(count, BAR_DTYPE.itemsize // 8), order, axis=0)
    return owners[order].astype(np.int64), words.reshape(-1).view(BAR_DTYPE)


@numba.njit(cache=True, nogil=True)
def _fold(
    ticks: Records,
    keys: Keys,
    width: int,
    bars: Records,
    owners: Keys,
    older: I64,
    newest: I64,
    known: int,
) -> tuple[int, bool]:
    """Fold all ticks in the order given, behind `known` bars: (number of bars or an error code, times never ran back).

    `newest` is the newest bar of each key, `older` leads from each bar to the one before it in time.
    """
    end, is_ordered = known, True
    last_ids = np.full(len(newest), -1)
    for i in range(len(ticks)):
        tick, key = ticks[i], keys[i]
        if tick.trade_id <= last_ids[key]:
            return _UNSORTED, False
        last_ids[key] = tick.trade_id
        opened = tick.traded_ms - tick.traded_ms % width
        at, after = newest[key], -1
        # Nearly always the newest bar; a step back in time looks further
        while at >= 0 and bars[at].opened_ms > opened:
            at, after = older[at], at
        if at < 0 or bars[at].opened_ms < opened:
            older[end] = at
            if after < 0:
                newest[key] = end
            else:
                older[after] = end
                is_ordered = False
            at = end
            owners[at] = key
            _open_bar(bars[at], tick, opened)
            end += 1
        elif tick.trade_id <= bars[at].last_id:
            return _TOO_OLD, False
        _add(bars[at], tick)
    return end, is_ordered


@numba.njit(cache=True, nogil=True)
def _open_bar(bar: Records, tick: Records, opened: int) -> None:
    bar.opened_ms = opened
    bar.open = bar.high = bar.low = tick.price
    bar.volume = bar.quote_volume = bar.buy_volume = 0.0
    bar.trades = 0
    bar.first_id = tick.trade_id
    bar.first_ms = bar.last_ms = tick.traded_ms
    bar.revision = bar.flags = 0


@numba.njit(cache=True, nogil=True)
def _add(bar: Records, tick: Records) -> None:
    bar.high = max(bar.high, tick.price)
    bar.low = min(bar.low, tick.price)
    bar.close = tick.price
    bar.volume += tick.size
    bar.quote_volume += tick.price * tick.size
    if not tick.is_buyer_maker:
        bar.buy_volume += tick.size
    bar.trades += 1
    bar.last_id = tick.trade_id
    bar.first_ms = min(bar.first_ms, tick.traded_ms)
    bar.last_ms = max(bar.last_ms, tick.traded_ms)


def is_final(opened_ms: I64, timeframe: Timeframe, watermark_ms: int) -> npt.NDArray[np.bool_]:
    """True where the watermark has passed the end of the bar by the allowed lateness (D14)."""
    return opened_ms + timeframe.ms + LATENESS_MS <= watermark_ms


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
