"""Many points as few as a screen can show: first, minimum, maximum and last of each pixel column."""

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

from market.core.types import F64, I64

Flags = npt.NDArray[np.bool_]

_FIRST, _LOW, _HIGH, _LAST = range(4)
_NONE = -1
#: a stretch without points that is longer than so many steps is missing
GAP_STEPS = 1.5


class Decimator:
    """Takes rows in blocks and keeps at most four points of each pixel column and series, whatever the number of rows.

    A pixel column i of [from_ms, to_ms] holds the times with (t - from) · pixels // (to - from) = i, the last one `to`
    itself too. Rows come in rising time; of equal extremes the earliest is kept. NaN is no point.
    """

    def __init__(self, *, from_ms: int, to_ms: int, pixels: int, series: int) -> None:
        self._rows = 0
        self._known = np.zeros(series, np.int64)
        self._span = (from_ms, to_ms, pixels)
        self._row = np.full((4, series, pixels), _NONE, np.int64)
        self._time = np.zeros((4, series, pixels), np.int64)
        self._value = np.zeros((4, series, pixels))

    def add(self, times: I64, values: F64) -> None:
        """times (n,) inside [from_ms, to_ms], values (series, n)."""
        from_ms, to_ms, pixels = self._span
        columns = np.minimum((times - from_ms) * pixels // (to_ms - from_ms), pixels - 1)
        _keep(columns, times, values, self._rows, self._row, self._time, self._value)
        self._rows += len(times)
        self._known += np.isfinite(values).sum(axis=1)

    @property
    def has_dropped(self) -> bool:
        """Whether fewer points are kept than were added, NaN aside."""
        return any(len(self.points(series)[0]) < known for series, known in enumerate(self._known))

    def points(self, series: int, *, step_ms: int | None = None) -> tuple[I64, F64]:
        """Times and values of one series; NaN at the middle of each missing stretch from one pixel column to another.

        A stretch inside one column is narrower than a pixel and not told. Without `step_ms` nothing is missing.
        """
        held = self._row[_FIRST, series] != _NONE
        order = np.argsort(self._row[:, series, held].T, axis=1, kind="stable")
        row: I64 = np.take_along_axis(self._row[:, series, held].T, order, axis=1)
        times: I64 = np.take_along_axis(self._time[:, series, held].T, order, axis=1)
        values: F64 = np.take_along_axis(self._value[:, series, held].T, order, axis=1)
        is_new = np.ones(row.shape, bool)
        is_new[:, 1:] = row[:, 1:] != row[:, :-1]
        begins = np.zeros(row.shape, bool)
        begins[:, 0] = True
        return opened(times[is_new], values[is_new], step_ms, begins[is_new])


def opened(times: I64, values: F64, step_ms: int | None, may_miss: Flags | None = None) -> tuple[I64, F64]:
    """Points (n,) in rising time with NaN at the middle of each stretch of more than GAP_STEPS steps between two.

    NaN among the points is none of them. `may_miss` marks the points before which a stretch is looked for.
    """
    if step_ms is None:
        return times, values
    known = np.isfinite(values)
    times, values = times[known], values[known]
    is_gap = np.diff(times) > GAP_STEPS * step_ms
    if may_miss is not None:
        is_gap &= may_miss[known][1:]
    after = np.flatnonzero(is_gap) + 1
    middles = (times[after - 1] + times[after]) // 2
    return np.insert(times, after, middles), np.insert(values, after, np.nan)


def broken(times: I64, values: F64, stretches: Sequence[tuple[int, int]]) -> tuple[I64, F64]:
    """Points (n,) in rising time with NaN at the middle of each known hole [begin, end] that parts two neighbours."""
    for begin, end in stretches:
        after = int(np.searchsorted(times, begin, side="right"))
        if 0 < after < len(times) and times[after] >= end:
            times, values = np.insert(times, after, (begin + end) // 2), np.insert(values, after, np.nan)
    return times, values


@numba.njit(cache=True, nogil=True)
def _keep(columns: I64, times: I64, values: F64, known: int, row: I64, time: I64, value: F64) -> None:
    """Fold the rows, which are numbered from `known` on, into what is kept of each (kind, series, pixel column)."""
    for series in range(values.shape[0]):
        for i in range(len(times)):
            new = values[series, i]
            if not np.isfinite(new):
                continue
            at = columns[i]
            is_first = row[_FIRST, series, at] == _NONE
            for kind in range(4):
                if (
                    is_first
                    or kind == _LAST
                    or (kind == _LOW and new < value[_LOW, series, at])
                    or (kind == _HIGH and new > value[_HIGH, series, at])
                ):
                    row[kind, series, at] = known + i
                    time[kind, series, at] = times[i]
                    value[kind, series, at] = new
