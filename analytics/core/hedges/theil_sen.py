"""Theil-Sen: the median of all pairwise slopes (D5)."""

import math

import numpy as np

from analytics.core.hedges import FitError, Line, register
from market.core.types import F64

#: above it every k-th bar is used, k = ceil(n / MOST_BARS)
MOST_BARS = 2_000


@register("theil-sen", "Theil-Sen (robust)")
def theil_sen(y: F64, x: F64) -> Line:
    """Median slope over pairs of rows with different x; intercept = median(y - b x) of the same rows."""
    step = math.ceil(len(y) / MOST_BARS)
    y, x = y[::step], x[::step]
    first, second = np.triu_indices(len(y), 1)
    run = x[second] - x[first]
    apart = run != 0.0
    if not apart.any():
        raise FitError("the hedge leg did not move")
    ratio = float(np.median((y[second] - y[first])[apart] / run[apart]))
    return Line(ratio, float(np.median(y - ratio * x)))
