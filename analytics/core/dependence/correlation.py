"""Correlation of simultaneous log returns, of values and of ranks (D15)."""

from dataclasses import dataclass

import numpy as np

from analytics.core.moments import moments
from market.core.types import F64


@dataclass(frozen=True, slots=True)
class Correlation:
    """Coefficients over `n` returns; NaN with a reason when a leg did not move."""

    pearson: float
    spearman: float
    n: int
    reason: str = ""


def correlation(returns_y: F64, returns_x: F64) -> Correlation:
    """Pearson and Spearman coefficient of two arrays of shape (n,), no NaN."""
    n = len(returns_y)
    if n < 3:
        return Correlation(np.nan, np.nan, n, f"{n} returns are too few")
    linear = pearson(returns_y, returns_x)
    if np.isnan(linear):
        return Correlation(np.nan, np.nan, n, "a leg did not move")
    return Correlation(linear, pearson(ranks(returns_y), ranks(returns_x)), n)


def pearson(y: F64, x: F64) -> float:
    """Sxy / sqrt(Syy Sxx); NaN when a side is constant."""
    _, _, _, syy, sxx, sxy = moments(y, x, np.zeros(len(y), np.bool_), 0, len(y))
    if not (syy > 0.0 and sxx > 0.0):
        return np.nan
    return min(1.0, max(-1.0, sxy / float(np.sqrt(syy * sxx))))


def ranks(values: F64) -> F64:
    """Ranks from 1; equal values share the mean of theirs."""
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(size)
    shared: F64 = (last - (size - 1) / 2.0)[group]
    return shared
