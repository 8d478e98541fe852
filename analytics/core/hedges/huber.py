"""Huber's M-estimate by reweighted least squares (D5): t = 1.345, scale by the median absolute residual."""

import numpy as np

from analytics.core.hedges import FitError, Line, register
from market.core.types import F64

THRESHOLD = 1.345
#: MAD of a standard normal
NORMAL_MAD = 0.6744897501960817
MOST_STEPS = 200


@register("huber", "Huber (robust)")
def huber(y: F64, x: F64) -> Line:
    """Iterates from OLS until the line moves the residuals by less than 1e-10 of their scale."""
    dy, dx = y - y.mean(), x - x.mean()
    weights = np.ones(len(y))
    residual = np.full(len(y), np.inf)
    for _ in range(MOST_STEPS):
        total = weights.sum()
        center_y, center_x = float(weights @ dy) / total, float(weights @ dx) / total
        wx = weights * (dx - center_x)
        ratio = float(wx @ (dy - center_y)) / float(wx @ (dx - center_x))
        previous, residual = residual, (dy - center_y) - ratio * (dx - center_x)
        scale = float(np.median(np.abs(residual))) / NORMAL_MAD
        if scale == 0.0:
            raise FitError("half of the residuals are zero: Huber's scale does not exist")
        if float(np.abs(residual - previous).max()) <= 1e-10 * scale:
            return Line(ratio, float(y.mean() + center_y - ratio * (x.mean() + center_x)))
        weights = np.minimum(1.0, THRESHOLD * scale / np.maximum(np.abs(residual), 1e-300))
    raise FitError(f"Huber's iteration did not settle in {MOST_STEPS} steps")
