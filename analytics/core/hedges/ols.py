"""Ordinary least squares with intercept."""

import numpy as np

from analytics.core.hedges import Line, register
from analytics.core.moments import moments
from market.core.types import F64


@register("ols", "OLS, rolling", live="rolling")
def ols(y: F64, x: F64) -> Line:
    """b = Sxy / Sxx, a = mean y - b mean x; classic standard errors with n - 2 degrees of freedom."""
    n = len(y)
    _, mean_y, mean_x, _, sxx, sxy = moments(y, x, np.zeros(n, np.bool_), 0, n)
    ratio = sxy / sxx
    residual = (y - mean_y) - ratio * (x - mean_x)
    variance = float(residual @ residual) / (n - 2)
    return Line(
        ratio,
        mean_y - ratio * mean_x,
        float(np.sqrt(variance / sxx)),
        float(np.sqrt(variance * (1.0 / n + mean_x * mean_x / sxx))),
    )
