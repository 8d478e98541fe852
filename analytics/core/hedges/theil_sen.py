"""Theil-Sen: the median of all pairwise slopes (D5), and Sen's interval for it."""

import math
from statistics import NormalDist

import numpy as np

from analytics.core.hedges import FitError, Line, register
from market.core.types import F64

#: above it every k-th bar is used, k = ceil(n / MOST_BARS)
MOST_BARS = 2_000


@register("theil-sen", "Theil-Sen (robust)")
def theil_sen(y: F64, x: F64) -> Line:
    """Median slope over pairs of rows with different x; intercept = median(y - b x) of the same rows."""
    y, x = _thinned(y), _thinned(x)
    ratio = float(np.median(_slopes(y, x)))
    return Line(ratio, float(np.median(y - ratio * x)))


def slope_interval(y: F64, x: F64, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of the median slope that holds the true one with this `confidence`, rows independent.

    P. K. Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau", JASA 63 (1968) 1379-1389: the slopes of
    the ranks (N -+ z s) / 2, s^2 = (n (n - 1) (2 n + 5) - ties of x and y) / 18. FitError when x does not move.
    """
    y, x = _thinned(y), _thinned(x)
    slopes = np.sort(_slopes(y, x))
    n, count = len(y), len(slopes)
    variance = (n * (n - 1) * (2 * n + 5) - _ties(y) - _ties(x)) / 18.0
    reach = NormalDist().inv_cdf((1.0 + confidence) / 2.0) * math.sqrt(variance)
    low, high = max(round((count - reach) / 2.0) - 1, 0), min(round((count + reach) / 2.0), count - 1)
    return float(slopes[low]), float(slopes[high])


def _thinned(leg: F64) -> F64:
    return leg[:: math.ceil(len(leg) / MOST_BARS)]


def _slopes(y: F64, x: F64) -> F64:
    """Of all pairs of rows with different x."""
    first, second = np.triu_indices(len(y), 1)
    run = x[second] - x[first]
    apart = run != 0.0
    if not apart.any():
        raise FitError("the hedge leg did not move")
    slopes: F64 = (y[second] - y[first])[apart] / run[apart]
    return slopes


def _ties(values: F64) -> int:
    """What groups of equal values take off the variance of Kendall's score, times 18."""
    sizes = np.unique(values, return_counts=True)[1]
    return int(np.sum(sizes * (sizes - 1) * (2 * sizes + 5)))
