"""A line fitted at fixed slots, for methods that are too dear for every bar."""

import numpy as np

from analytics.core.hedges import HedgeFit, fit
from analytics.core.reasons import Reason
from analytics.core.scoring.coverage import SHORT, WARMING, coverage
from analytics.core.scoring.lines import COUNT, INTERCEPT_STDERR, R2, RATIO, STDERR, X0, Y0, Lines, Place
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Rows
from analytics.core.windows import MINIMUM_BARS

_NO_FIT = int(Reason.NO_FIT)


class RefitLines:
    """A fit of the window wherever the slot's number is a multiple of `refit_every`; its line holds until the next."""

    at = -1

    def __init__(self, params: ScoreParams) -> None:
        self._params = params
        self._fits: dict[int, tuple[HedgeFit | None, tuple[int, int, int]]] = {}

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines:
        lines = Lines.empty(stop + 1 - start)
        used: dict[int, tuple[HedgeFit | None, tuple[int, int, int]]] = {}
        begin = start
        while begin <= stop:
            slot, end = self._refit(place, begin)
            end = min(end, stop + 1)
            span = slice(begin - start, end - start)
            if slot is None:
                ages = np.maximum(np.arange(begin, end) - place.first, 0)
                lines.reasons[span] = np.column_stack([np.full_like(ages, SHORT), ages, self._least + 0 * ages])
            else:
                number = place.number + slot
                used[number] = self._fits.get(number) or self._fit(rows, place, slot)
                _write(used[number], span, lines)
            begin = end
        self._fits = used
        return lines

    @property
    def _least(self) -> int:
        return min(self._params.windows.hedge, MINIMUM_BARS)

    def _refit(self, place: Place, slot: int) -> tuple[int | None, int]:
        """The slot whose fit is in force at `slot`, and the slot at which that ends."""
        every = self._params.refit_every
        newest = slot - (place.number + slot) % every
        earliest = place.first + self._least
        if slot < earliest:
            return None, earliest
        return max(newest, earliest), newest + every

    def _fit(self, rows: Rows, place: Place, slot: int) -> tuple[HedgeFit | None, tuple[int, int, int]]:
        width = self._params.windows.hedge
        have, code, a, b = coverage(rows.holes, slot, width, slot - place.first)
        if code > WARMING:
            return None, (code, a, b)
        kept = ~rows.missing[slot - have : slot]
        found = fit(self._params.hedge, rows.y[slot - have : slot][kept], rows.x[slot - have : slot][kept])
        return found, (_NO_FIT, 0, 0) if found.reason else (code, a, b)


def _write(found: tuple[HedgeFit | None, tuple[int, int, int]], span: slice, lines: Lines) -> None:
    hedge, (code, have, need) = found
    if code == _NO_FIT and hedge:
        have = len(lines.notes)
        lines.notes.append(hedge.reason)
    lines.reasons[span] = (code, have, need)
    if hedge is None:
        return
    line = hedge.line
    for column, value in (
        (RATIO, line.ratio),
        (Y0, line.intercept),
        (X0, 0.0),
        (STDERR, line.stderr),
        (INTERCEPT_STDERR, line.intercept_stderr),
        (R2, hedge.r2),
        (COUNT, hedge.n),
    ):
        lines.values[column, span] = value
