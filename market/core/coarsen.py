"""Bars of one width to fewer bars of a greater one."""

import numpy as np

from market.core.bars import Bars
from market.core.types import BarFlag, Timeframe

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
#: widths that a reader of a time axis expects
_WIDTHS = (
    *(1_000, 2_000, 5_000, 10_000, 15_000, 30_000),
    *(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY),
)


def width_for(span_ms: int, most: int, timeframe: Timeframe) -> int:
    """The smallest usual width in ms, a multiple of the timeframe, of which at most `most` bars touch a span."""
    for width in _WIDTHS:
        if width % timeframe.ms == 0 and span_ms // width + 2 <= most:
            return width
    return -(-span_ms // max(most - 2, 1) // (7 * DAY)) * 7 * DAY + 7 * DAY


def source_for(width_ms: int, timeframe: Timeframe) -> Timeframe:
    """The greatest timeframe, at least the one asked for, whose bars make up bars of a width."""
    return max(each for each in Timeframe if each >= timeframe and width_ms % each.ms == 0)


def coarsen(bars: Bars, width_ms: int, timeframe: Timeframe) -> Bars:
    """Bars [open, open + width_ms) out of bars (BAR_DTYPE, rising open) of a timeframe that divides the width.

    Open of the first, close of the last, extremes, sums. FINAL where all are and, for the newest, its end is reached;
    GAP where any has it.
    """
    if not len(bars):
        return bars
    opens = bars["opened_ms"] // width_ms * width_ms
    starts = np.flatnonzero(np.concatenate(([True], opens[1:] != opens[:-1])))
    ends = np.append(starts[1:], len(bars)) - 1
    merged = bars[starts].copy()
    merged["opened_ms"] = opens[starts]
    for name in ("close", "last_id", "last_ms"):
        merged[name] = bars[name][ends]
    merged["high"] = np.maximum.reduceat(bars["high"], starts)
    merged["low"] = np.minimum.reduceat(bars["low"], starts)
    for name in ("volume", "quote_volume", "buy_volume", "trades"):
        merged[name] = np.add.reduceat(bars[name], starts)
    merged["revision"] = np.maximum.reduceat(bars["revision"], starts)
    final = np.bitwise_and.reduceat(bars["flags"], starts) & BarFlag.FINAL
    if bars["opened_ms"][-1] + timeframe.ms < merged["opened_ms"][-1] + width_ms:
        final[-1] = 0
    merged["flags"] = final | (np.bitwise_or.reduceat(bars["flags"], starts) & BarFlag.GAP)
    return merged
