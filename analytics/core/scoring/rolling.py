"""Rolling statistics of two plain series by the kernels of the live stream: for research, files and benches."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from analytics.core.moments import Mask, is_flat, moments, spread_moments
from analytics.core.scoring.layout import COLUMNS, no_sums
from analytics.core.scoring.rows import Legs
from analytics.core.scoring.sums import roll
from market.core.types import F64

#: below this share of what cancels a sum of squares is formed anew
_CANCELLED = 1e-4


@dataclass(frozen=True, slots=True)
class RollingLine:
    """Line y = intercept + ratio x of the `window` rows up to and with each row, shape (n,), NaN where unknown."""

    ratio: F64
    intercept: F64
    window: int


def rolling_ols(y: F64, x: F64, window: int) -> RollingLine:
    """OLS of y on x over the last `window` rows, O(1) a row; relative error below 1e-10 of b at window 100.

    NaN until `window` rows are there, while one of them is NaN or infinite, and where x does not move.
    """
    legs, columns = _moments(y, x, window)
    out = np.empty((2, len(y)))
    _lines(legs, columns, window, out)
    return RollingLine(out[0], out[1], window)


def rolling_correlation(y: F64, x: F64, window: int) -> F64:
    """Pearson coefficient of the last `window` rows, shape (n,); NaN as in `rolling_ols`, and where y does not move."""
    legs, columns = _moments(y, x, window)
    out = np.full(len(y), np.nan)
    _correlations(legs, columns, window, out)
    return out


def rolling_zscore(y: F64, x: F64, hedge_window: int, z_window: int) -> F64:
    """z of D7, shape (n,): line of the `hedge_window` rows and spreads of the `z_window` rows before the scored one.

    NaN until both windows are full, while one of their rows is not finite, and where the spread does not move.
    """
    n = len(y)
    legs, hedge = _moments(y, x, hedge_window)
    _, z = _moments(y, x, z_window)
    out = np.full(n, np.nan)
    _zscores(legs, (hedge, hedge_window), (z, z_window), out)
    return out


def _moments(y: F64, x: F64, window: int) -> tuple[Legs, F64]:
    """Moments of the windows that end with the rows window - 1 … n - 1, shape (COLUMNS, n - window + 1)."""
    if len(y) != len(x):
        raise ValueError(f"The legs have {len(y)} and {len(x)} rows; give as many of each.")
    if window < 2:
        raise ValueError(f"A window of {window} rows is too short: use at least 2.")
    y, x = (np.ascontiguousarray(leg, np.float64) for leg in (y, x))
    legs = (y, x, _not_finite(y, x))
    columns = np.empty((COLUMNS, max(len(y) - window + 1, 0)))
    roll(legs, window, (0, 0), (window, len(y) + 1), no_sums(), columns)
    return legs, columns


@njit(cache=True, nogil=True, error_model="numpy")
def _lines(legs: Legs, columns: F64, window: int, out: F64) -> None:
    out[:, : window - 1] = np.nan
    ratios, intercepts = out[0, window - 1 :], out[1, window - 1 :]
    _ratios(legs, columns, window, ratios)
    for row in range(columns.shape[1]):
        intercepts[row] = columns[1, row] - ratios[row] * columns[2, row]


@njit(cache=True, nogil=True, error_model="numpy")
def _ratios(legs: Legs, columns: F64, window: int, out: F64) -> None:
    """Slope of each window of `columns`, NaN where it is not full or x does not move."""
    strange = 0
    for row in range(columns.shape[1]):
        slope, rr, ru, uu = columns[3, row], columns[4, row], columns[5, row], columns[6, row]
        fitted = slope * slope * uu
        strange += not rr + 2.0 * slope * ru + fitted > _CANCELLED * fitted
        out[row] = slope + ru / uu if columns[0, row] == window and uu > 0.0 else np.nan
    if strange:
        _mend(legs, columns, window, out)


@njit(cache=True, nogil=True, error_model="numpy")
def _mend(legs: Legs, columns: F64, window: int, out: F64) -> None:
    """Slopes that nearly cancel against the reference line, from all rows of their windows."""
    y, x, skip = legs
    for row in range(columns.shape[1]):
        slope, rr, ru, uu = columns[3, row], columns[4, row], columns[5, row], columns[6, row]
        fitted = slope * slope * uu
        if not (np.isnan(out[row]) or rr + 2.0 * slope * ru + fitted > _CANCELLED * fitted):
            _, _, _, _, uu, sxy = moments(y, x, skip, row, row + window)
            out[row] = sxy / uu


@njit(cache=True, nogil=True)
def _not_finite(y: F64, x: F64) -> Mask:
    skip = np.empty(len(y), np.bool_)
    for row in range(len(y)):
        # 0 for a number, NaN for NaN and the infinities
        skip[row] = y[row] - y[row] + (x[row] - x[row]) != 0.0
    return skip


@njit(cache=True, nogil=True, error_model="numpy")
def _correlations(legs: Legs, columns: F64, window: int, out: F64) -> None:
    y, x, skip = legs
    for row in range(columns.shape[1]):
        slope, rr, ru, uu = columns[3, row], columns[4, row], columns[5, row], columns[6, row]
        fitted = slope * slope * uu
        syy, sxy = rr + 2.0 * slope * ru + fitted, ru + slope * uu
        if not syy > _CANCELLED * fitted:
            _, _, _, syy, uu, sxy = moments(y, x, skip, row, row + window)
        if columns[0, row] == window and syy > 0.0 and uu > 0.0:
            out[row + window - 1] = min(1.0, max(-1.0, sxy / np.sqrt(syy * uu)))


@njit(cache=True, nogil=True, error_model="numpy")
def _zscores(legs: Legs, hedge: tuple[F64, int], z: tuple[F64, int], out: F64) -> None:
    y, x, skip = legs
    lines, hedge_window = hedge
    columns, z_window = z
    ratios = np.empty(lines.shape[1])
    _ratios(legs, lines, hedge_window, ratios)
    for t in range(max(hedge_window, z_window), len(y)):
        i, j = t - hedge_window, t - z_window
        ratio = ratios[i]
        if columns[0, j] != z_window or np.isnan(ratio) or skip[t]:
            continue
        my, mx, slope = columns[1, j], columns[2, j], columns[3, j]
        rr, ru, uu = columns[4, j], columns[5, j], columns[6, j]
        off = ratio - slope
        squares = rr - 2.0 * off * ru + off * off * uu
        if not squares > _CANCELLED * (rr + off * off * uu):
            _, _, squares = spread_moments(y, x, skip, j, t, ratio, my, mx)
        std = np.sqrt(squares / (z_window - 1.0))
        std_y = np.sqrt(max(rr + 2.0 * slope * ru + slope * slope * uu, 0.0) / z_window)
        if not is_flat(std, std_y, abs(my) + abs(ratio * mx)):
            out[t] = ((y[t] - my) - ratio * (x[t] - mx)) / std
