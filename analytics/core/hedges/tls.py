"""Total least squares (D4): the same line whichever leg is called y. Assumes equal error variance in both legs."""

import numpy as np

from analytics.core.hedges import FitError, Line, register
from analytics.core.moments import moments
from market.core.types import F64


@register("tls", "total least squares, rolling", live="rolling")
def tls(y: F64, x: F64) -> Line:
    """b = -v_x / v_y for the eigenvector v of the smallest eigenvalue of cov(y, x), in closed form."""
    n = len(y)
    _, mean_y, mean_x, syy, sxx, sxy = moments(y, x, np.zeros(n, np.bool_), 0, n)
    if sxy == 0.0:
        raise FitError("the legs are uncorrelated: no direction is better than another")
    half = (syy - sxx) / 2.0
    length = float(np.hypot(half, sxy))
    # of the two equal forms the one that does not cancel
    ratio = (half + length) / sxy if half >= 0.0 else sxy / (length - half)
    return Line(ratio, mean_y - ratio * mean_x)
