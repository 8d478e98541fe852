"""Spread, z-score and correlation of each slot, from its line and the moments of its windows."""

import numpy as np
from numba import njit

from analytics.core.moments import is_flat, moments, spread_moments
from analytics.core.reasons import Reason
from analytics.core.scoring.coverage import NONE, SHORT, WARMING, coverage
from analytics.core.scoring.lines import I32, RATIO, X0, Y0
from analytics.core.scoring.rows import Legs
from market.core.types import F64, I64

#: what is computed of each slot
SPREAD, ZSCORE, CORRELATION, SPREAD_MEAN, SPREAD_STD = range(5)
VALUES = 5
#: columns of reasons, named as in `Snapshot`
HEDGE, SPREAD_WHY, ZSCORE_WHY, CORRELATION_WHY = range(4)

_STALE, _FLAT_SPREAD, _FLAT_RETURNS = int(Reason.STALE), int(Reason.FLAT_SPREAD), int(Reason.FLAT_RETURNS)
#: below this share of what cancels a sum of squares is formed anew
_CANCELLED = 1e-4


@njit(cache=True, nogil=True, error_model="numpy")
def score_slots(
    legs: Legs,
    holes: I64,
    place: tuple[int, int, int, int],
    lines: F64,
    columns: F64,
    values: F64,
    reasons: I32,
) -> None:
    """Spread and z-score (D7); place = (z window, first row, start, rows that have come).

    z = (s_t - mean) / std over the z window before t, all spreads by the line of t; std with ddof 1. `lines` (LINE, n)
    and `columns` (COLUMNS, n) of the z window; the last slot may lie behind the rows: it gets mean and std only.
    """
    y, x, missing = legs
    width, first, start, come = place
    for row in range(lines.shape[1]):
        t = start + row
        ratio, y0, x0 = lines[RATIO, row], lines[Y0, row], lines[X0, row]
        is_here = t < come and not missing[t]
        _carry(reasons, row, HEDGE, SPREAD_WHY)
        if is_here:
            values[SPREAD, row] = (y[t] - y0) - ratio * (x[t] - x0)
        elif t < come and reasons[row, HEDGE, 0] != SHORT:
            _note(reasons, row, SPREAD_WHY, _STALE, 0, 0)
        _carry(reasons, row, SPREAD_WHY, ZSCORE_WHY)
        have, code, a, b = coverage(holes, t, width, t - first)
        if np.isnan(ratio):
            continue
        if code <= WARMING:
            n, my, mx, slope = columns[0, row], columns[1, row], columns[2, row], columns[3, row]
            rr, ru, uu = columns[4, row], columns[5, row], columns[6, row]
            off = ratio - slope
            squares = rr - 2.0 * off * ru + off * off * uu
            if not squares > _CANCELLED * (rr + off * off * uu):
                _, _, squares = spread_moments(y, x, missing, t - have, t, ratio, my, mx)
            std_y = np.sqrt(max(rr + 2.0 * slope * ru + slope * slope * uu, 0.0) / n)
            std = np.sqrt(squares / (n - 1.0))
            values[SPREAD_MEAN, row] = (my - y0) - ratio * (mx - x0)
            values[SPREAD_STD, row] = std
            if is_flat(std, std_y, abs(my) + abs(ratio * mx)):
                code, a, b = _FLAT_SPREAD, 0, 0
            elif is_here:
                values[ZSCORE, row] = ((y[t] - my) - ratio * (x[t] - mx)) / std
        if not is_here and t < come:
            continue
        if code != NONE:
            _note(reasons, row, ZSCORE_WHY, code, a, b)


@njit(cache=True, nogil=True, error_model="numpy")
def correlate_slots(
    returns: Legs, holes: I64, place: tuple[int, int, int], columns: F64, values: F64, reasons: I32
) -> None:
    """Pearson of the log returns that end at each slot (D15); place = (window, first row, start)."""
    ry, rx, skip = returns
    width, first, start = place
    for row in range(columns.shape[1]):
        stop = start + row + 1
        have, code, a, b = coverage(holes, stop, width, stop - 1 - first)
        if code <= WARMING:
            slope, rr, ru, uu = columns[3, row], columns[4, row], columns[5, row], columns[6, row]
            fitted = slope * slope * uu
            syy, sxy = rr + 2.0 * slope * ru + fitted, ru + slope * uu
            if not syy > _CANCELLED * fitted:
                _, _, _, syy, uu, sxy = moments(ry, rx, skip, stop - have, stop)
            if syy > 0.0 and uu > 0.0:
                values[CORRELATION, row] = min(1.0, max(-1.0, sxy / np.sqrt(syy * uu)))
            else:
                code, a, b = _FLAT_RETURNS, 0, 0
        _note(reasons, row, CORRELATION_WHY, code, a, b)


@njit(cache=True, nogil=True, inline="always")
def _note(reasons: I32, row: int, column: int, code: int, have: int, need: int) -> None:
    reasons[row, column, 0] = code
    reasons[row, column, 1] = have
    reasons[row, column, 2] = need


@njit(cache=True, nogil=True, inline="always")
def _carry(reasons: I32, row: int, source: int, target: int) -> None:
    for part in range(3):
        reasons[row, target, part] = reasons[row, source, part]
