"""The slots of a pair as kernels read them: prices in the space of the fit, returns, and counts of holes."""

from dataclasses import dataclass

import numpy as np

from analytics.core.align import Grid, SlotState
from analytics.core.moments import Mask, logs
from analytics.core.windows import Prices
from market.core.types import F64, I64

Legs = tuple[F64, F64, Mask]


@dataclass(slots=True)
class Rows:
    """Consecutive slots, arrays of shape (n,); `holes` and `return_holes` (n + 1,) count those before each slot.

    `y`, `x` are NaN where `missing`; `ry`, `rx` are log returns that end at the slot, usable where not `no_return`.
    """

    y: F64
    x: F64
    missing: Mask
    holes: I64
    ry: F64
    rx: F64
    no_return: Mask
    return_holes: I64
    #: log closes and whether both legs were real, of the last slot: what the next return needs
    last: tuple[float, float, bool]

    def __len__(self) -> int:
        return len(self.y)

    @property
    def legs(self) -> Legs:
        return self.y, self.x, self.missing

    @property
    def returns(self) -> Legs:
        return self.ry, self.rx, self.no_return

    @classmethod
    def of(cls, grid: Grid, prices: Prices, before: "Rows | None" = None) -> "Rows":
        """Rows of a grid; `before` are those it goes on from."""
        log_y, log_x = logs(grid.y), logs(grid.x)
        y, x = (log_y, log_x) if prices == "log" else (np.array(grid.y), np.array(grid.x))
        missing = (grid.state == SlotState.MISSING) | ~np.isfinite(y) | ~np.isfinite(x)
        is_hole = (grid.state != SlotState.REAL) | missing
        last_y, last_x, was_real = before.last if before else (np.nan, np.nan, False)
        ry = np.diff(log_y, prepend=last_y)
        rx = np.diff(log_x, prepend=last_x)
        no_return = is_hole | np.concatenate(([not was_real], is_hole[:-1])) | ~np.isfinite(ry) | ~np.isfinite(rx)
        start, return_start = (int(before.holes[-1]), int(before.return_holes[-1])) if before else (0, 0)
        last = (float(log_y[-1]), float(log_x[-1]), not is_hole[-1]) if len(grid) else (last_y, last_x, was_real)
        holes, return_holes = _counted(is_hole, start), _counted(no_return, return_start)
        return cls(y, x, missing, holes, ry, rx, no_return, return_holes, last)


def _counted(flags: Mask, start: int) -> I64:
    counts = np.empty(len(flags) + 1, np.int64)
    counts[0] = start
    np.cumsum(flags, out=counts[1:])
    counts[1:] += start
    return counts


class Store:
    """Rows that grow at the end and are dropped at the front, in arrays that are moved only when they are full."""

    def __init__(self, rows: Rows, spare: int) -> None:
        self._spare = spare
        self._start = 0
        self._stop = 0
        self._take(rows)

    def __len__(self) -> int:
        return self._stop - self._start

    @property
    def rows(self) -> Rows:
        """Views of what is held."""
        flat = {name: self._arrays[name][self._start : self._stop] for name in _FLAT}
        counts = {name: self._arrays[name][self._start : self._stop + 1] for name in _COUNTS}
        return Rows(**flat, **counts, last=self._last)

    def append(self, rows: Rows) -> None:
        """Put rows behind; they were made with `before` = these ones."""
        if self._stop + len(rows) > self._capacity:
            kept = self.rows
            self._start = 0
            self._take(kept, len(rows))
        stop = self._stop + len(rows)
        for name in _FLAT:
            self._arrays[name][self._stop : stop] = getattr(rows, name)
        for name in _COUNTS:
            self._arrays[name][self._stop : stop + 1] = getattr(rows, name)
        self._stop, self._last = stop, rows.last

    def drop(self, count: int) -> None:
        self._start += count

    def _take(self, rows: Rows, more: int = 0) -> None:
        """New arrays that hold the rows, with room behind them."""
        self._capacity = len(rows) + more + self._spare
        self._arrays = {}
        for name in (*_FLAT, *_COUNTS):
            values = getattr(rows, name)
            grown = np.empty(self._capacity + 1, values.dtype)
            grown[: len(values)] = values
            self._arrays[name] = grown
        self._start, self._stop, self._last = 0, len(rows), rows.last


_FLAT = ("y", "x", "missing", "ry", "rx", "no_return")
_COUNTS = ("holes", "return_holes")
