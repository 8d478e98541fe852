"""The line that a Kalman filter predicts for each bar."""

import numpy as np
from numba import njit

from analytics.core.kalman import KALMAN_OUT, KALMAN_STATE, kalman_step
from analytics.core.kalman import start as kalman_start
from analytics.core.reasons import Reason
from analytics.core.scoring.coverage import HOLES, SHORT
from analytics.core.scoring.layout import Legs
from analytics.core.scoring.lines import (
    COUNT,
    INNOVATION,
    INTERCEPT_STDERR,
    RATIO,
    STDERR,
    X0,
    Y0,
    Lines,
    Place,
    is_memory_slot,
    memory_slots,
)
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Rows
from analytics.core.windows import HOLES_DIVISOR
from market.core.types import F64

_NO_FIT = int(Reason.NO_FIT)


class KalmanLines:
    """The filter's prediction of each bar. Its memory is the state, and the number of the slot it predicts."""

    def __init__(self, params: ScoreParams, memory: F64 | None) -> None:
        self._window = params.windows.hedge
        self._state = np.full(KALMAN_STATE, np.nan) if memory is None else np.array(memory[:KALMAN_STATE])
        self._at = -1 if memory is None else int(memory[KALMAN_STATE])
        #: the next slot that may be the first predicted one
        self._next = 0
        self._note = ""

    @property
    def at(self) -> int:
        return self._at if self._at >= 0 else self._next - 1

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines:
        lines = Lines.empty(stop + 1 - start)
        if self._at < 0:
            self._begin(rows, place, stop)
        begun = stop + 1 if self._at < 0 else max(start, self._at - place.number)
        self._explain(rows, place, (start, min(begun, stop + 1)), lines)
        if begun > stop:
            return lines
        self._run(rows, place, begun, np.empty((max(begun - (self._at - place.number), 0), KALMAN_OUT)))
        out = np.empty((stop + 1 - begun, KALMAN_OUT))
        for slot in (*memory_slots(place, begun, stop), stop):
            self._run(rows, place, slot, out[self._at - place.number - begun :])
            if is_memory_slot(place, slot):
                lines.memories[slot - start] = np.append(self._state, float(self._at))
        kalman_step(self._state.copy(), np.nan, np.nan, True, out[-1])
        part = lines.values[:, begun - start :]
        part[RATIO], part[Y0], part[X0] = out[:, 0], out[:, 1], 0.0
        part[STDERR], part[INTERCEPT_STDERR] = out[:, 4], out[:, 5]
        part[INNOVATION] = out[:, 2] / out[:, 3]
        part[COUNT] = self._window
        return lines

    def _run(self, rows: Rows, place: Place, stop: int, out: F64) -> None:
        """Predict and learn the slots up to `stop`."""
        start = self._at - place.number
        if stop > start:
            run_kalman(rows.legs, (start, stop), self._state, out)
            self._at = place.number + stop

    def _begin(self, rows: Rows, place: Place, stop: int) -> None:
        """Start at the first slot behind a whole window without too many holes."""
        window = self._window
        for slot in range(max(place.started + window, self._next - place.number), stop + 1):
            self._next = place.number + slot + 1
            if (rows.holes[slot] - rows.holes[slot - window]) * HOLES_DIVISOR > window:
                continue
            kept = ~rows.missing[slot - window : slot]
            y, x = rows.y[slot - window : slot][kept], rows.x[slot - window : slot][kept]
            begun = kalman_start(y, x, len(y))
            self._note = begun.reason
            if not begun.reason:
                self._state, self._at = begun.state, place.number + slot
                return

    def _explain(self, rows: Rows, place: Place, span: tuple[int, int], lines: Lines) -> None:
        """Why the slots of the span have no line yet."""
        lines.notes = [self._note]
        for row in range(span[1] - span[0]):
            slot = span[0] + row
            have = min(max(slot - place.started, 0), self._window)
            bad = int(rows.holes[slot] - rows.holes[slot - have])
            if have < self._window:
                lines.reasons[row] = (SHORT, have, self._window)
            elif bad * HOLES_DIVISOR > self._window:
                lines.reasons[row] = (HOLES, bad, self._window)
            else:
                lines.reasons[row] = (_NO_FIT, 0, 0)


@njit(cache=True, nogil=True)
def run_kalman(legs: Legs, span: tuple[int, int], state: F64, out: F64) -> None:
    """What the filter predicts of each slot of the span, learning as it goes."""
    y, x, missing = legs
    for slot in range(span[0], span[1]):
        kalman_step(state, y[slot], x[slot], missing[slot], out[slot - span[0]])
