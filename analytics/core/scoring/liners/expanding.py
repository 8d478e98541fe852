"""The line of all bars since a start."""

import numpy as np

from analytics.core.scoring.fitted import lines_of_moments
from analytics.core.scoring.layout import ANCHOR, AT, COLUMNS, EXPANDING, N, no_sums
from analytics.core.scoring.lines import Lines, Place, is_memory_slot, memory_slots
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Rows
from analytics.core.scoring.sums import roll
from market.core.types import F64


class ExpandingLines:
    """OLS over all bars since the start; the running sums are its memory, kept once no anchor is ahead of them."""

    def __init__(self, params: ScoreParams, memory: F64 | None) -> None:
        self._params = params
        self._sums = no_sums() if memory is None else np.array(memory)

    @property
    def at(self) -> int:
        return int(self._sums[AT]) if self._sums[N] >= 0.0 else -1

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines:
        lines = Lines.empty(stop + 1 - start)
        columns = np.empty((COLUMNS, stop + 1 - start))
        begin = start
        for slot in (*memory_slots(place, start, stop), stop):
            told = np.empty((COLUMNS, slot + 1 - begin))
            roll(rows.legs, EXPANDING, (place.started, place.number), (begin, slot + 1), self._sums, told)
            columns[:, begin - start : slot + 1 - start] = told
            if is_memory_slot(place, slot) and slot - place.started >= ANCHOR:
                lines.memories[slot - start] = self._sums.copy()
            begin = slot + 1
        widths = (self._params.windows.hedge, EXPANDING, place.started, start)
        lines_of_moments(rows.legs, rows.holes, widths, False, columns, lines.values, lines.reasons)
        return lines
