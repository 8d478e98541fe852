"""Huber's M-estimate by reweighted least squares (D5): t = 1.345, scale by the median absolute residual.

P. J. Huber, Robust Statistics (1981), section 7.8; the numbers of R's MASS::rlm and statsmodels' RLM(M=HuberT()).
"""

from dataclasses import dataclass

import numpy as np

from analytics.core.hedges import FitError, Line, register
from market.core.types import F64

THRESHOLD = 1.345
#: MAD of a standard normal
NORMAL_MAD = 0.6744897501960817
MOST_STEPS = 200
#: smallest eigenvalue of the regressors' correlations below which one explains another
_SINGULAR = 1e-12


@dataclass(frozen=True, slots=True)
class HuberFit:
    """y = intercept + X @ coefficients over `n` rows; `scale` is the median absolute residual over that of a normal."""

    coefficients: tuple[float, ...]
    intercept: float
    scale: float
    n: int


@register("huber", "Huber (robust)")
def huber(y: F64, x: F64) -> Line:
    """Iterates from OLS until the line moves the residuals by less than 1e-10 of their scale."""
    fit = huber_regression(y, x[:, None])
    return Line(fit.coefficients[0], fit.intercept)


def huber_regression(y: F64, X: F64) -> HuberFit:
    """Estimate for y of shape (n,) and regressors X (n, k), no NaN, with intercept.

    FitError when a regressor does not move or others explain it, when half of the residuals are zero, and when the
    iteration does not settle.
    """
    means = X.mean(axis=0)
    rows, target = np.ascontiguousarray((X - means).T), y - y.mean()
    _check(rows)
    weights = np.ones(len(y))
    residual = np.full(len(y), np.inf)
    for _ in range(MOST_STEPS):
        total = weights.sum()
        center, center_y = rows @ weights / total, float(weights @ target) / total
        shifted, shifted_y = rows - center[:, None], target - center_y
        weighted = shifted * weights
        coefficients = np.linalg.solve(weighted @ shifted.T, weighted @ shifted_y)
        previous, residual = residual, shifted_y - coefficients @ shifted
        scale = float(np.median(np.abs(residual))) / NORMAL_MAD
        if scale == 0.0:
            raise FitError("half of the residuals are zero: Huber's scale does not exist")
        if float(np.abs(residual - previous).max()) <= 1e-10 * scale:
            intercept = y.mean() + center_y - (means + center) @ coefficients
            return HuberFit(tuple(float(value) for value in coefficients), float(intercept), scale, len(y))
        weights = np.minimum(1.0, THRESHOLD * scale / np.maximum(np.abs(residual), 1e-300))
    raise FitError(f"Huber's iteration did not settle in {MOST_STEPS} steps")


def _check(rows: F64) -> None:
    size = np.sqrt(np.sum(rows**2, axis=1))
    if not np.all(size > 0.0):
        raise FitError("a regressor does not move")
    scaled = rows / size[:, None]
    if len(rows) > 1 and np.linalg.eigvalsh(scaled @ scaled.T)[0] < _SINGULAR:
        raise FitError("a regressor is explained by the others")
