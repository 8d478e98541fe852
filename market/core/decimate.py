"""Many points as few as a screen can show: first, minimum, maximum and last of each pixel column."""

from collections.abc import Iterator, Sequence

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
    itself too. Blocks come in rising time; of equal extremes the earliest is kept. NaN is no point.
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
        if not len(times):
            return
        from_ms, to_ms, pixels = self._span
        columns = np.minimum((times - from_ms) * pixels // (to_ms - from_ms), pixels - 1)
        if np.any(columns[1:] < columns[:-1]):
            order = np.argsort(columns, kind="stable")
            columns, times, values = columns[order], times[order], values[:, order]
        starts = np.flatnonzero(np.concatenate(([True], columns[1:] != columns[:-1])))
        for kind, places in enumerate(_places(values, starts)):
            self._keep(kind, columns[starts], places, times, values)
        self._rows += len(times)
        self._known += np.isfinite(values).sum(axis=1)

    def _keep(self, kind: int, columns: I64, places: I64, times: I64, values: F64) -> None:
        """Take the rows at `places` (series, m), of the m pixel columns given, where they are what `kind` wants."""
        series, at = np.nonzero(places != _NONE)
        place, column = places[series, at], columns[at]
        held, new = self._value[kind, series, column], values[series, place]
        is_wanted = self._row[kind, series, column] == _NONE
        if kind == _LAST:
            is_wanted[:] = True
        elif kind == _LOW:
            is_wanted |= new < held
        elif kind == _HIGH:
            is_wanted |= new > held
        to = kind, series[is_wanted], column[is_wanted]
        self._row[to] = self._rows + place[is_wanted]
        self._time[to] = times[place[is_wanted]]
        self._value[to] = new[is_wanted]

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


def _places(values: F64, starts: I64) -> Iterator[I64]:
    """Of each group of rows the place of the first, the first lowest, the first highest and the last value.

    values (series, n), `starts` (m,) of the groups; each result (series, m), _NONE where a group has no value.
    """
    n = values.shape[1]
    place, known = np.arange(n), np.isfinite(values)
    sizes = np.diff(np.append(starts, n))

    def first(is_it: Flags) -> I64:
        found = np.minimum.reduceat(np.where(is_it, place, n), starts, axis=1)
        return np.where(found == n, _NONE, found)

    yield first(known)
    finite = np.where(known, values, np.nan)
    for extreme in (np.fmin, np.fmax):
        yield first(finite == np.repeat(extreme.reduceat(finite, starts, axis=1), sizes, axis=1))
    yield np.maximum.reduceat(np.where(known, place, _NONE), starts, axis=1)
