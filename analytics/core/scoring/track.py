"""One pair followed slot by slot: rows and running sums stay warm, so that a new bar costs the same at any window."""

import numpy as np

from analytics.core.align import Grid
from analytics.core.scoring.layout import COLUMNS, no_sums
from analytics.core.scoring.liners import liner_of
from analytics.core.scoring.lines import I32, Place
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Rows, Store
from analytics.core.scoring.scores import QUANTITIES, Scores
from analytics.core.scoring.slots import VALUES, correlate_slots, score_slots
from analytics.core.scoring.sums import roll
from market.core.types import F64

#: slots that are kept beyond the lookback before old ones are dropped
_SPARE = 512


def score(
    grid: Grid, params: ScoreParams, start: int = 0, stop: int | None = None, *, memory: F64 | None = None
) -> Scores:
    """Scores of the grid's slots [start, stop).

    The grid must hold `params.lookback` slots before `start`, unless the pair's first slot lies within it. A method
    with memory also needs the grid to reach back to its start, or the `memory` of a slot in it up to `start`.
    """
    stop = len(grid) if stop is None else stop
    if not 0 <= start <= stop <= len(grid):
        raise ValueError(f"Slots [{start}, {stop}) are not in a grid of {len(grid)}.")
    return Track(grid, params, memory=memory).score(grid, start, stop)


class Track:
    """The slots of a pair from some slot on. ValueError when they do not reach back far enough for what is asked."""

    def __init__(self, grid: Grid, params: ScoreParams, *, memory: F64 | None = None) -> None:
        self._params = params
        self._width = grid.timeframe.ms
        self._number = int(grid.opened_ms[0]) // self._width if len(grid) else 0
        self._first = grid.first
        self._store = Store(Rows.of(grid, params.prices), _SPARE)
        self._liner = liner_of(params, memory)
        self._z_sums = no_sums()
        self._return_sums = no_sums()

    def __len__(self) -> int:
        return len(self._store)

    @property
    def next_ms(self) -> int:
        """Open of the slot that follows the last one."""
        return (self._number + len(self)) * self._width

    def extend(self, grid: Grid) -> None:
        """Take the slots of a grid that begins where this ends."""
        if len(grid) and int(grid.opened_ms[0]) != self.next_ms:
            raise ValueError(f"The grid begins at {grid.opened_ms[0]}, expected {self.next_ms}.")
        self._store.append(Rows.of(grid, self._params.prices, self._store.rows))
        surplus = len(self) - self._params.lookback - len(grid) - _SPARE
        if surplus > 0:
            self._store.drop(surplus)
            self._number += surplus
            self._first -= surplus

    def score(self, grid: Grid, start: int, stop: int) -> Scores:
        """Scores of the slots [start, stop) of a grid that ends with this track's last slot or before it.

        A method with memory goes forward only: ValueError for slots that it has learnt from.
        """
        rows = self._store.rows
        shift = int(grid.opened_ms[0]) // self._width - self._number if len(grid) else len(self)
        begin, end = start + shift, stop + shift
        place = Place(self._first, self._started_row(), self._number)
        self._check(place, begin, end)
        n = end - begin
        lines = self._liner(rows, place, begin, end)
        values = np.full((VALUES, n + 1), np.nan)
        reasons = np.zeros((n + 1, len(QUANTITIES), 3), np.int32)
        reasons[:, 0] = lines.reasons
        self._score(rows, place, (begin, end), lines.values, values, reasons)
        self._correlate(rows, place, (begin, end), values, reasons)
        return Scores.of(grid, start, (lines.values, values, reasons), lines.memories, lines.notes)

    def _score(self, rows: Rows, place: Place, span: tuple[int, int], lines: F64, values: F64, reasons: I32) -> None:
        width = self._params.windows.z
        columns = np.empty((COLUMNS, span[1] + 1 - span[0]))
        roll(rows.legs, width, (place.first, place.number), (span[0], span[1] + 1), self._z_sums, columns)
        score_slots(rows.legs, rows.holes, (width, place.first, span[0], span[1]), lines, columns, values, reasons)

    def _correlate(self, rows: Rows, place: Place, span: tuple[int, int], values: F64, reasons: I32) -> None:
        width = self._params.windows.correlation
        if span[1] == span[0]:
            return
        # the window of returns ends at the slot itself, hence one row later
        columns = np.empty((COLUMNS, span[1] - span[0]))
        origin = (place.first + 1, place.number - 1)
        roll(rows.returns, width, origin, (span[0] + 1, span[1] + 1), self._return_sums, columns)
        correlate_slots(rows.returns, rows.return_holes, (width, place.first, span[0]), columns, values, reasons)

    def _started_row(self) -> int:
        started_ms = self._params.started_ms
        if started_ms is None:
            return self._first
        return max(self._first, -(-started_ms // self._width) - self._number)

    def _check(self, place: Place, begin: int, end: int) -> None:
        if begin == end:
            return
        if place.first < 0 and begin < self._params.lookback:
            raise ValueError(
                f"The grid holds {begin} slots before the first scored one; {self._params.lookback} are needed."
            )
        if self._params.has_memory:
            self._check_memory(place, begin)

    def _check_memory(self, place: Place, begin: int) -> None:
        hedge, at = self._params.hedge, self._liner.at
        known, what = (place.started, "start") if at < 0 else (at - place.number, "state")
        if known < 0:
            raise ValueError(f"The grid begins {-known} slots after the {what} of {hedge}.")
        if at >= 0 and begin < known:
            raise ValueError(f"{hedge} has learnt from {known - begin} of the slots: score them with a new track.")
