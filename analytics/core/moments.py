"""Exact two-pass moments of a window, centred about its first value: the numeric base of every fit."""

import numpy as np
import numpy.typing as npt
from numba import njit

from market.core.types import F64

Mask = npt.NDArray[np.bool_]


@njit(cache=True, nogil=True)
def moments(y: F64, x: F64, skip: Mask, start: int, stop: int) -> tuple[int, float, float, float, float, float]:
    """(n, mean y, mean x, Syy, Sxx, Sxy) of the rows in [start, stop) that `skip` leaves in.

    Sums run in row order about the first row, so the bits depend on the window alone; a constant leg has exactly 0.
    """
    while start < stop and skip[start]:
        start += 1
    if start >= stop:
        return 0, np.nan, np.nan, 0.0, 0.0, 0.0
    y0, x0 = y[start], x[start]
    n = 0
    sum_y = sum_x = 0.0
    for i in range(start, stop):
        if not skip[i]:
            n += 1
            sum_y += y[i] - y0
            sum_x += x[i] - x0
    my, mx = sum_y / n, sum_x / n
    syy = sxx = sxy = 0.0
    for i in range(start, stop):
        if not skip[i]:
            dy = (y[i] - y0) - my
            dx = (x[i] - x0) - mx
            syy += dy * dy
            sxx += dx * dx
            sxy += dy * dx
    return n, y0 + my, x0 + mx, syy, sxx, sxy


@njit(cache=True, nogil=True)
def spread_moments(
    y: F64, x: F64, skip: Mask, start: int, stop: int, slope: float, my: float, mx: float
) -> tuple[int, float, float]:
    """(n, mean, sum of squared deviations) of the spreads (y - my) - slope (x - mx) of the rows left in."""
    n = 0
    total = 0.0
    for i in range(start, stop):
        if not skip[i]:
            n += 1
            total += (y[i] - my) - slope * (x[i] - mx)
    mean = total / max(n, 1)
    squares = 0.0
    for i in range(start, stop):
        if not skip[i]:
            deviation = ((y[i] - my) - slope * (x[i] - mx)) - mean
            squares += deviation * deviation
    return n, mean, squares


@njit(cache=True, nogil=True)
def is_flat(std: float, std_y: float, size: float) -> bool:
    """Whether a spread's deviation is nothing but rounding: `size` is the magnitude of the terms that cancel."""
    return bool(std <= max(1e-12 * std_y, 1e-15 * size))


def logs(prices: F64) -> F64:
    """Natural logs, one libm call a value: numpy's vector log may round differently with the array's length."""
    return _logs(np.ascontiguousarray(prices, np.float64))


@njit(cache=True, nogil=True)
def _logs(prices: F64) -> F64:
    result = np.empty(len(prices))
    for i in range(len(prices)):
        result[i] = np.log(prices[i])
    return result
