"""Rolling Spearman correlation with the exact ranks of each window, ties shared (D15).

A window keeps twice the rank of each of its values, a whole number even when ties share the mean of theirs. A value
that comes or goes moves the ranks of the others by one step each, so a bar costs O(window) and nothing is ever rounded.
"""

import numpy as np
from numba import njit

from market.core.types import F64, I64


def rolling_spearman(returns_y: F64, returns_x: F64, window: int) -> F64:
    """Spearman coefficient of the last `window` returns at each bar, shape (n,).

    NaN before the window is full, where it holds a value that is no finite number, and where a leg is all ties.
    ValueError for a window below 3 or above 1,000,000.
    """
    # squares of doubled ranks sum to window^3 / 3, which must fit 63 bits
    if not 3 <= window <= 1_000_000:
        raise ValueError(f"A window of {window} returns has no rank correlation: use 3 to 1000000.")
    y, x = np.ascontiguousarray(returns_y, np.float64), np.ascontiguousarray(returns_x, np.float64)
    result: F64 = _rolling(y, x, window)
    return result


@njit(cache=True, nogil=True)
def _rolling(y: F64, x: F64, window: int) -> F64:
    n = len(y)
    result = np.full(n, np.nan)
    slots = np.full(window, -1)  # the bar in each place of the ring; -1: none, or no number
    ranks_y, ranks_x = np.zeros(window, np.int64), np.zeros(window, np.int64)
    for t in range(n):
        place = t % window
        if slots[place] >= 0:
            _leave(y, slots, ranks_y, place)
            _leave(x, slots, ranks_x, place)
            slots[place] = -1
        if np.isfinite(y[t]) and np.isfinite(x[t]):
            ranks_y[place] = _enter(y, slots, ranks_y, y[t])
            ranks_x[place] = _enter(x, slots, ranks_x, x[t])
            slots[place] = t
        if t >= window - 1 and slots.min() >= 0:
            result[t] = _coefficient(ranks_y, ranks_x)
    return result


@njit(cache=True, nogil=True)
def _enter(values: F64, slots: I64, ranks: I64, value: float) -> int:
    """Doubled rank of a value that joins those in the ring, whose own ranks make room for it."""
    rank = 2
    for i in range(len(slots)):
        if slots[i] >= 0:
            other = values[slots[i]]
            if other < value:
                rank += 2
            elif other == value:
                rank += 1
                ranks[i] += 1
            else:
                ranks[i] += 2
    return rank


@njit(cache=True, nogil=True)
def _leave(values: F64, slots: I64, ranks: I64, place: int) -> None:
    value = values[slots[place]]
    for i in range(len(slots)):
        if slots[i] >= 0:
            other = values[slots[i]]
            if other > value:
                ranks[i] -= 2
            elif other == value:
                ranks[i] -= 1


@njit(cache=True, nogil=True)
def _coefficient(ranks_y: I64, ranks_x: I64) -> float:
    """Pearson coefficient of doubled ranks, whose mean is always window + 1."""
    mean = len(ranks_y) + 1
    syy = sxx = sxy = 0
    for i in range(len(ranks_y)):
        dy, dx = ranks_y[i] - mean, ranks_x[i] - mean
        syy += dy * dy
        sxx += dx * dx
        sxy += dy * dx
    if syy == 0 or sxx == 0:
        return np.nan
    return float(sxy / np.sqrt(float(syy) * float(sxx)))
