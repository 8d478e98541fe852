"""Two legs on one time grid: real bars, prices carried for a moment, and honest holes (definition D14)."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from market.core.bars import LATENESS_MS
from market.core.types import F64, I64, BarFlag, Timeframe

U8 = npt.NDArray[np.uint8]
Bars = npt.NDArray[np.void]

#: a price may be carried while its tick is, at the slot's end, at most max(CARRY_MS, 1 bar) old, never CARRY_LIMIT_MS
CARRY_MS = 5_000
CARRY_LIMIT_MS = 60_000
NO_TICK = -1


class SlotState(IntEnum):
    """What a slot of the grid holds; the values are stored and read by kernels."""

    REAL = 0
    FILLED_Y = 1
    FILLED_X = 2
    FILLED_BOTH = 3
    MISSING = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive slots of one timeframe, all arrays of shape (n,).

    `opened_ms` the slots' opens; `y`, `x` closes, NaN where that leg has none; `state` a SlotState for each slot;
    `last_y_ms`, `last_x_ms` event time of the leg's newest tick up to the slot, NO_TICK when there is none;
    `first` the index of the first slot with data of both legs, negative when it lies before the grid.
    """

    timeframe: Timeframe
    symbols: tuple[str, str]
    opened_ms: I64
    y: F64
    x: F64
    state: U8
    last_y_ms: I64
    last_x_ms: I64
    first: int

    def __len__(self) -> int:
        return len(self.opened_ms)

    def why_missing(self, slot: int) -> str:
        """`stale:ETHUSDT 7.4 s` for a missing slot (the older leg), empty for every other one."""
        if self.state[slot] != SlotState.MISSING:
            return ""
        end = int(self.opened_ms[slot]) + self.timeframe.ms
        legs = zip(self.symbols, (self.last_y_ms, self.last_x_ms), (self.y, self.x), strict=True)
        lost = [(int(last[slot]), symbol) for symbol, last, price in legs if np.isnan(price[slot])]
        last_ms, symbol = min(lost)
        return f"no trade yet:{symbol}" if last_ms == NO_TICK else f"stale:{symbol} {(end - last_ms) / 1000:.1f} s"

    @property
    def reason(self) -> str:
        """Why the newest slot has no pair of prices; empty when it has one or the grid is empty."""
        return self.why_missing(len(self) - 1) if len(self) else ""


def carry_ms(timeframe: Timeframe) -> int:
    """Greatest age, at the slot's end, of a tick whose price may stand for the slot."""
    return min(max(CARRY_MS, timeframe.ms), CARRY_LIMIT_MS)


def align(
    y: Bars,
    x: Bars,
    *,
    timeframe: Timeframe,
    start_ms: int,
    stop_ms: int,
    watermark_ms: int,
    symbols: tuple[str, str] = ("y", "x"),
    first_ms: int | None = None,
) -> Grid:
    """Grid of the slots in [start_ms, stop_ms) that are final by `watermark_ms`.

    `y`, `x`: BAR_DTYPE, opens rising; only final bars count, bars before `start_ms` serve the carry. `watermark_ms`
    is the event time up to which the bars of both legs were built. `first_ms` is the open of the pair's first slot;
    pass it when the bars given do not reach back to it, otherwise a pair with long history looks as if warming up.
    """
    width = timeframe.ms
    if start_ms % width:
        raise ValueError(f"start_ms {start_ms} is not the open of a {timeframe.label} bar.")
    opened = np.arange(start_ms, min(stop_ms, watermark_ms - LATENESS_MS - width + 1), width, dtype=np.int64)
    y, x = (_final(leg, name) for leg, name in ((y, symbols[0]), (x, symbols[1])))
    close_y, filled_y, last_y = _leg(y, opened, timeframe)
    close_x, filled_x, last_x = _leg(x, opened, timeframe)
    state = (filled_y * SlotState.FILLED_Y + filled_x * SlotState.FILLED_X).astype(np.uint8)
    state[np.isnan(close_y) | np.isnan(close_x)] = SlotState.MISSING
    if first_ms is None:
        first_ms = max(int(y["opened_ms"][0]), int(x["opened_ms"][0])) if len(y) and len(x) else stop_ms
    return Grid(timeframe, symbols, opened, close_y, close_x, state, last_y, last_x, (first_ms - start_ms) // width)


def real_column(bars: Bars, opened_ms: I64, name: str) -> F64:
    """A column of the leg's final bars at each open, NaN where it has no real one; shape of `opened_ms`."""
    final = _final(bars, "")
    column = np.full(len(opened_ms), np.nan)
    at = np.searchsorted(final["opened_ms"], opened_ms)
    is_there = at < len(final)
    is_there[is_there] = final["opened_ms"][at[is_there]] == opened_ms[is_there]
    column[is_there] = final[name][at[is_there]]
    return column


def _final(bars: Bars, symbol: str) -> Bars:
    final: Bars = bars[(bars["flags"] & BarFlag.FINAL) != 0]
    if len(final) > 1 and not np.all(np.diff(final["opened_ms"]) > 0):
        raise ValueError(f"The bars of {symbol} are not in rising order of their opens.")
    return final


def _leg(bars: Bars, opened: I64, timeframe: Timeframe) -> tuple[F64, npt.NDArray[np.bool_], I64]:
    """Close, filled flag and newest tick of one leg for each slot."""
    close = np.full(len(opened), np.nan)
    last_ms = np.full(len(opened), NO_TICK, np.int64)
    filled = np.zeros(len(opened), np.bool_)
    at = np.searchsorted(bars["opened_ms"], opened, side="right") - 1
    known = at >= 0
    newest = bars[at[known]]
    last_ms[known] = newest["last_ms"]
    is_real = newest["opened_ms"] == opened[known]
    is_young = opened[known] + timeframe.ms - newest["last_ms"] <= carry_ms(timeframe)
    close[known] = np.where(is_real | is_young, newest["close"], np.nan)
    filled[known] = is_young & ~is_real
    return close, filled, last_ms
