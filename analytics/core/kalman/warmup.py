"""The start of a filter: the state in which the last bar of a warm-up leaves it (D6)."""

from dataclasses import dataclass

import numpy as np

from analytics.core.kalman.filter import KALMAN_STATE, kalman_filter, kalman_state
from analytics.core.kalman.likelihood import noise_ratios
from analytics.core.moments import is_flat, moments
from analytics.core.windows import MINIMUM_BARS
from market.core.types import F64

#: no noise can be estimated from less, whatever the window
LEAST_BARS = 10


@dataclass(frozen=True, slots=True)
class KalmanStart:
    """State (KALMAN_STATE,) after the `n` bars of a warm-up; all NaN when there is none, with the reason."""

    state: F64
    n: int
    reason: str = ""


def start(y: F64, x: F64, window: int = MINIMUM_BARS) -> KalmanStart:
    """State that scores the bar after the warm-up y, x of shape (n,), in the price space of the fit, no holes.

    The filter sets out before the first bar from the warm-up's OLS line in (1, x - mean x) with covariance R (X'X)^-1,
    R, q_a and q_b of maximum likelihood, and runs over the warm-up. It needs min(`window`, 120) bars, and at least 10;
    without a start there is a reason. ValueError for legs of unequal length.
    """
    n = len(y)
    if len(x) != n:
        raise ValueError(f"The legs have {n} and {len(x)} bars; give as many of each.")
    least = max(min(window, MINIMUM_BARS), LEAST_BARS)
    if n < least:
        return _none(n, f"warming up {n} of {least}")
    y, x = (np.ascontiguousarray(leg, np.float64) for leg in (y, x))
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(x))):
        return _none(n, "a price of the warm-up is missing or infinite")
    nothing = np.zeros(n, np.bool_)
    _, mean_y, mean_x, syy, sxx, sxy = moments(y, x, nothing, 0, n)
    if not sxx > 0.0:
        return _none(n, "the hedge leg did not move")
    if not np.isfinite(syy + sxx + sxy):
        return _none(n, "the prices are too large to square")
    ratio, sd_x = sxy / sxx, float(np.sqrt(sxx / n))
    residual = (y - mean_y) - ratio * (x - mean_x)
    sd = float(np.sqrt(residual @ residual / n))
    if is_flat(sd, np.sqrt(syy / n), float(np.abs(y).max() + np.abs(ratio * x).max())):
        return _none(n, "the spread did not move")
    r, q_a, q_b = noise_ratios(residual / sd, (x - mean_x) / sd_x)
    r *= sd * sd
    covariance = np.diag([r / n, r / n / sd_x**2])
    before = kalman_state((mean_y, ratio), covariance, (r, q_a * r, q_b * r / sd_x**2), mean_x)
    return KalmanStart(kalman_filter(y, x, nothing, before).state, n)


def _none(n: int, reason: str) -> KalmanStart:
    return KalmanStart(np.full(KALMAN_STATE, np.nan), n, reason)
