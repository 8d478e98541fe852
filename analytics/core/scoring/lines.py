"""The hedge line known before each slot: by running sums, by fits at fixed slots, or by a state that saw all bars."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from numba import njit

from analytics.core.hedges import HedgeFit, fit, method_named
from analytics.core.kalman import KALMAN_OUT, KALMAN_STATE, kalman_step
from analytics.core.kalman import start as kalman_start
from analytics.core.moments import moments, spread_moments
from analytics.core.reasons import Reason
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.rows import Legs, Rows
from analytics.core.scoring.sums import ANCHOR, AT, COLUMNS, EXPANDING, N, no_sums, roll
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS
from market.core.types import F64, I64

I32 = npt.NDArray[np.int32]

#: what is known of the line of a slot: y = Y0 + ratio (x - X0), standard errors, R2, rows, the innovation's score
RATIO, Y0, X0, STDERR, INTERCEPT_STDERR, R2, COUNT, INNOVATION = range(8)
LINE = 8
#: the state of a method with memory is kept before slots whose number is a multiple of this
MEMORY_EVERY = 64

_NONE, _WARMING, _SHORT, _HOLES, _FLAT_X = (int(Reason[n]) for n in ("NONE", "WARMING", "SHORT", "HOLES", "FLAT_X"))
_NO_FIT = int(Reason.NO_FIT)
#: below this share of what cancels in Syy or SSE they are formed anew
_CANCELLED = 1e-4


@dataclass(slots=True)
class Lines:
    """Lines of consecutive slots, `values` (LINE, n), NaN where unknown; `reasons` (n, 3): a Reason, two numbers.

    `memories` holds the state before some of the slots, by row; `notes` are the sentences of NO_FIT.
    """

    values: F64
    reasons: I32
    memories: dict[int, F64] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def empty(cls, n: int) -> "Lines":
        values = np.full((LINE, n), np.nan)
        values[COUNT] = 0.0
        return cls(values, np.zeros((n, 3), np.int32))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows stand: `first` row of the pair, `started` row of a method with memory, number of row 0."""

    first: int
    started: int
    number: int


class Liner(Protocol):
    """What draws the lines known before the slots [start, stop], the last of which may not have come yet."""

    @property
    def at(self) -> int:
        """Number of the slot up to which a method with memory has seen everything; -1 when it has seen nothing."""

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines: ...


def liner_of(params: ScoreParams, memory: F64 | None) -> Liner:
    """The lines of a spec, from the `memory` of its method or from its start."""
    live = method_named(params.hedge).live
    if live == "rolling":
        return RollingLines(params)
    if live == "refit":
        return RefitLines(params)
    return KalmanLines(params, memory) if params.hedge == "kalman" else ExpandingLines(params, memory)


class RollingLines:
    """OLS or total least squares of the window, O(1) a slot."""

    at = -1

    def __init__(self, params: ScoreParams) -> None:
        self._params = params
        self._sums = no_sums()

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines:
        width = self._params.windows.hedge
        lines = Lines.empty(stop + 1 - start)
        columns = np.empty((COLUMNS, stop + 1 - start))
        roll(rows.legs, width, (place.first, place.number), (start, stop + 1), self._sums, columns)
        is_total = self._params.hedge == "tls"
        widths = (width, width, place.first, start)
        lines_of_moments(rows.legs, rows.holes, widths, is_total, columns, lines.values, lines.reasons)
        return lines


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
                lines.reasons[row] = (_SHORT, have, self._window)
            elif bad * HOLES_DIVISOR > self._window:
                lines.reasons[row] = (_HOLES, bad, self._window)
            else:
                lines.reasons[row] = (_NO_FIT, 0, 0)


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
                lines.reasons[span] = np.column_stack([np.full_like(ages, _SHORT), ages, self._least + 0 * ages])
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
        if code > _WARMING:
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


def memory_slots(place: Place, start: int, stop: int) -> range:
    """Slots before `stop` whose state is kept."""
    return range(start - (place.number + start) % -MEMORY_EVERY, stop, MEMORY_EVERY)


def is_memory_slot(place: Place, slot: int) -> bool:
    return (place.number + slot) % MEMORY_EVERY == 0


@njit(cache=True, nogil=True)
def run_kalman(legs: Legs, span: tuple[int, int], state: F64, out: F64) -> None:
    """What the filter predicts of each slot of the span, learning as it goes."""
    y, x, missing = legs
    for slot in range(span[0], span[1]):
        kalman_step(state, y[slot], x[slot], missing[slot], out[slot - span[0]])


@njit(cache=True, nogil=True)
def coverage(holes: I64, stop: int, width: int, age: int) -> tuple[int, int, int, int]:
    """(rows, reason, have, need) of the window of `width` rows before `stop`, `age` rows after the first data."""
    have = min(width, max(age, 0))
    least = min(width, MINIMUM_BARS)
    if have < least:
        return have, _SHORT, have, least
    bad = holes[stop] - holes[stop - have]
    if bad * HOLES_DIVISOR > have:
        return have, _HOLES, bad, have
    if have < width:
        return have, _WARMING, have, width
    return have, _NONE, 0, 0


@njit(cache=True, nogil=True, error_model="numpy")
def lines_of_moments(
    legs: Legs,
    holes: I64,
    place: tuple[int, int, int, int],
    is_total: bool,
    columns: F64,
    lines: F64,
    reasons: I32,
) -> None:
    """Lines of the slots from window moments; place = (window that must be covered, window summed, first, start).

    b = Sxy / Sxx, or the smallest eigenvector of the covariance (total least squares, which has no standard errors);
    se(b) = sqrt(SSE / (n - 2) / Sxx), se(a) = sqrt(SSE / (n - 2) (1 / n + mean(x)^2 / Sxx)).
    """
    y, x, missing = legs
    cover, width, first, start = place
    for row in range(columns.shape[1]):
        t = start + row
        have, code, a, b = coverage(holes, t, cover, t - first)
        if code > _WARMING:
            reasons[row, 0], reasons[row, 1], reasons[row, 2] = code, a, b
            continue
        n, my, mx, slope = columns[0, row], columns[1, row], columns[2, row], columns[3, row]
        rr, ru, uu = columns[4, row], columns[5, row], columns[6, row]
        fitted = slope * slope * uu
        syy = rr + 2.0 * slope * ru + fitted
        if not syy > _CANCELLED * fitted and width < EXPANDING:
            count, my, mx, syy, uu, sxy = moments(y, x, missing, t - have, t)
            n, slope, rr, ru = float(count), 0.0, syy, sxy
        lines[COUNT, row] = n
        if not uu > 0.0:
            reasons[row, 0] = _FLAT_X
            continue
        ratio = slope + ru / uu
        if is_total:
            sxy = ru + slope * uu
            half = (syy - uu) / 2.0
            length = np.hypot(half, sxy)
            ratio = (half + length) / sxy if half >= 0.0 else sxy / (length - half)
            if sxy == 0.0:
                reasons[row, 0] = _NO_FIT
                continue
        off = ratio - slope
        squares = max(rr - 2.0 * off * ru + off * off * uu, 0.0)
        if not squares > _CANCELLED * (rr + off * off * uu) and width < EXPANDING:
            _, _, squares = spread_moments(y, x, missing, t - have, t, ratio, my, mx)
        lines[RATIO, row], lines[Y0, row], lines[X0, row] = ratio, my, mx
        if not is_total:
            variance = squares / (n - 2.0)
            lines[STDERR, row] = np.sqrt(variance / uu)
            lines[INTERCEPT_STDERR, row] = np.sqrt(variance * (1.0 / n + mx * mx / uu))
        if syy > 0.0:
            lines[R2, row] = 1.0 - squares / syy
        reasons[row, 0], reasons[row, 1], reasons[row, 2] = code, a, b
