"""The statistics of a pair at each slot of a grid, for history and for the live stream by the same kernel.

For slot t, with W bars of a window counted back from t and the rows that have no price left out:

- hedge ratio b and intercept a: OLS of y on x over the slots t-W_b … t-1;
- spread at t: y_t - (a + b x_t);
- z-score (D7): (spread_t - mean) / std, ddof 1, over the spreads of t-W_z … t-1 *with the same a and b*: the scored
  slot is neither in its own window nor in the fit;
- correlation (D15): Pearson of the W_c log returns that end at t, between adjacent slots where both legs are real.

Nothing depends on a slot after t, and every sum runs over its own window only: scoring slots one by one as they
come gives the same bits as scoring a year at once. Log or raw prices by choice; the correlation is always of logs.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from analytics.core.align import Grid, SlotState
from analytics.core.moments import Mask, is_flat, logs, moments, spread_moments
from analytics.core.reasons import Reason, sentence
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS, Prices, Windows
from market.core.types import F64, I64

I32 = npt.NDArray[np.int32]

#: columns of `Scores.reasons`, named as in `Snapshot`
QUANTITIES = ("hedge_ratio", "spread", "zscore", "correlation")
_HEDGE, _SPREAD, _Z, _CORRELATION = range(len(QUANTITIES))

# numba sees plain integers
_MISSING = int(SlotState.MISSING)
_NONE, _WARMING, _SHORT, _HOLES, _FLAT_X, _FLAT_SPREAD, _FLAT_RETURNS, _STALE = (int(reason) for reason in Reason)


@dataclass(frozen=True, slots=True)
class ScoreParams:
    """What is computed: three windows and the price space of the hedge fit."""

    windows: Windows
    prices: Prices = "log"


@dataclass(frozen=True, slots=True)
class Scores:
    """Statistics of the grid's slots [start, start + n): arrays of shape (n,), NaN where unknown.

    `n_valid` counts the rows of the hedge fit. `reasons` has shape (n, 4, 3): for each of QUANTITIES a Reason with
    its two numbers. A value that is warming up is shown and has a reason too.
    """

    grid: Grid
    start: int
    hedge_ratio: F64
    intercept: F64
    spread: F64
    zscore: F64
    correlation: F64
    n_valid: I32
    reasons: I32

    def __len__(self) -> int:
        return len(self.hedge_ratio)

    @property
    def opened_ms(self) -> I64:
        return self.grid.opened_ms[self.start : self.start + len(self)]

    def unknown(self, row: int) -> dict[str, str]:
        """Reason of each quantity of a row that is null or still warming up; `intercept` goes with `hedge_ratio`."""
        return {name: text for column, name in enumerate(QUANTITIES) if (text := self._sentence(row, column))}

    def reason(self, row: int) -> str:
        """The one reason that matters most: of the z-score, else the hedge ratio, else the correlation."""
        return next((text for q in (_Z, _HEDGE, _CORRELATION) if (text := self._sentence(row, q))), "")

    def _sentence(self, row: int, column: int) -> str:
        code, have, need = (int(number) for number in self.reasons[row, column])
        if code == Reason.STALE:
            return self.grid.why_missing(self.start + row)
        return sentence(Reason(code), have, need)


def score(grid: Grid, params: ScoreParams, start: int = 0, stop: int | None = None) -> Scores:
    """Scores of the grid's slots [start, stop).

    The grid must hold `params.windows.lookback` slots before `start`, unless the pair's first slot lies within it.
    """
    stop = len(grid) if stop is None else stop
    if not 0 <= start <= stop <= len(grid):
        raise ValueError(f"Slots [{start}, {stop}) are not in a grid of {len(grid)}.")
    windows = params.windows
    if grid.first < 0 and start < windows.lookback and start < stop:
        raise ValueError(f"The grid holds {start} slots before the first scored one; {windows.lookback} are needed.")
    log_y, log_x = logs(grid.y), logs(grid.x)
    y, x = (log_y, log_x) if params.prices == "log" else (grid.y, grid.x)
    missing = grid.state == _MISSING
    is_hole = grid.state != SlotState.REAL
    no_return = np.ones(len(grid), np.bool_)
    no_return[1:] = is_hole[1:] | is_hole[:-1]
    n = stop - start
    values = np.full((5, n), np.nan)
    n_valid = np.zeros(n, np.int32)
    reasons = np.zeros((n, len(QUANTITIES), 3), np.int32)
    _score_slots(
        (y, x, missing, _counted(is_hole)),
        (_differences(log_y), _differences(log_x), no_return, _counted(no_return)),
        (windows.hedge, windows.z, windows.correlation),
        (grid.first, start),
        values,
        n_valid,
        reasons,
    )
    ratio, intercept, spread, zscore, correlation = values
    return Scores(grid, start, ratio, intercept, spread, zscore, correlation, n_valid, reasons)


def _counted(flags: Mask) -> I64:
    """Number of flags set before each index, shape (n + 1,)."""
    return np.concatenate(([0], np.cumsum(flags))).astype(np.int64)


def _differences(series: F64) -> F64:
    """series[i] - series[i - 1] at i; NaN at 0."""
    result = np.full(len(series), np.nan)
    result[1:] = series[1:] - series[:-1]
    return result


@njit(cache=True, nogil=True)
def _score_slots(
    legs: tuple[F64, F64, Mask, I64],
    returns: tuple[F64, F64, Mask, I64],
    widths: tuple[int, int, int],
    origin: tuple[int, int],
    values: F64,
    n_valid: I32,
    reasons: I32,
) -> None:
    first, start = origin
    for row in range(values.shape[1]):
        t = start + row
        age = max(t - first, 0)
        centre = _fit(legs, t, widths[0], age, values[:, row], n_valid[row : row + 1], reasons[row])
        _standardise(legs, t, widths[1], age, centre, values[:, row], reasons[row])
        _correlate(returns, t, widths[2], age, values[:, row], reasons[row])


@njit(cache=True, nogil=True)
def _coverage(holes: I64, stop: int, width: int, age: int) -> tuple[int, int, int, int]:
    """(rows, reason, have, need) of the window of `width` rows before `stop`, `age` rows after the first data."""
    have = min(width, age)
    least = min(width, MINIMUM_BARS)
    if have < least:
        return have, _SHORT, have, least
    bad = holes[stop] - holes[stop - have]
    if bad * HOLES_DIVISOR > have:
        return have, _HOLES, bad, have
    if have < width:
        return have, _WARMING, have, width
    return have, _NONE, 0, 0


@njit(cache=True, nogil=True)
def _note(reason: I32, code: int, have: int, need: int) -> None:
    reason[0] = code
    reason[1] = have
    reason[2] = need


@njit(cache=True, nogil=True)
def _fit(
    legs: tuple[F64, F64, Mask, I64], t: int, width: int, age: int, value: F64, n_valid: I32, reasons: I32
) -> tuple[float, float, float]:
    """Hedge ratio, intercept and spread of slot t; returns the means of the fit and the deviation of y in it."""
    y, x, missing, holes = legs
    have, code, a, b = _coverage(holes, t, width, age)
    mean_y = mean_x = std_y = np.nan
    if code <= _WARMING:
        n, mean_y, mean_x, syy, sxx, sxy = moments(y, x, missing, t - have, t)
        n_valid[0] = n
        std_y = np.sqrt(syy / n)
        if sxx > 0.0:
            value[0] = sxy / sxx
            value[1] = mean_y - value[0] * mean_x
        else:
            code, a, b = _FLAT_X, 0, 0
    _note(reasons[_HEDGE], code, a, b)
    if missing[t] and code != _SHORT:
        code, a, b = _STALE, 0, 0
    elif code <= _WARMING:
        value[2] = (y[t] - mean_y) - value[0] * (x[t] - mean_x)
    _note(reasons[_SPREAD], code, a, b)
    return mean_y, mean_x, std_y


@njit(cache=True, nogil=True)
def _standardise(
    legs: tuple[F64, F64, Mask, I64],
    t: int,
    width: int,
    age: int,
    centre: tuple[float, float, float],
    value: F64,
    reasons: I32,
) -> None:
    """The z-score of the spread in value[2], or why there is none."""
    y, x, missing, holes = legs
    mean_y, mean_x, std_y = centre
    if reasons[_SPREAD, 0] > _WARMING:
        reasons[_Z] = reasons[_SPREAD]
        return
    have, code, a, b = _coverage(holes, t, width, age)
    if code <= _WARMING:
        n, mean, squares = spread_moments(y, x, missing, t - have, t, value[0], mean_y, mean_x)
        std = np.sqrt(squares / (n - 1))
        if is_flat(std, std_y, abs(y[t]) + abs(value[0] * x[t])):
            code, a, b = _FLAT_SPREAD, 0, 0
        else:
            value[3] = (value[2] - mean) / std
    if code == _NONE:
        reasons[_Z] = reasons[_HEDGE]
    else:
        _note(reasons[_Z], code, a, b)


@njit(cache=True, nogil=True)
def _correlate(returns: tuple[F64, F64, Mask, I64], t: int, width: int, age: int, value: F64, reasons: I32) -> None:
    """Correlation of the returns that end at t, or why there is none."""
    ry, rx, skip, holes = returns
    have, code, a, b = _coverage(holes, t + 1, width, age)
    if code <= _WARMING:
        _, _, _, syy, sxx, sxy = moments(ry, rx, skip, t + 1 - have, t + 1)
        if syy > 0.0 and sxx > 0.0:
            value[4] = min(1.0, max(-1.0, sxy / np.sqrt(syy * sxx)))
        else:
            code, a, b = _FLAT_RETURNS, 0, 0
    _note(reasons[_CORRELATION], code, a, b)
