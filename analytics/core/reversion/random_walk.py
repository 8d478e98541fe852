"""Variance ratios and Hurst exponent of a spread, each against the random walk (D13)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analytics.core.reversion.ar1_quantiles import SEED
from analytics.core.usable import why_untestable
from market.core.types import F64

HORIZONS = (2, 5, 10, 30)
HURST_LAGS = np.arange(2, 21)
#: twice the greatest lag, so that its differences do not all overlap
HURST_LEAST_BARS = 40


@dataclass(frozen=True, slots=True)
class VarianceRatio:
    """Var of q-bar changes over q times that of one bar; `z` robust to changing variance (Lo-MacKinlay 1988).

    From `n` one-bar changes; NaN when `reason` says why.
    """

    q: int
    ratio: float
    z: float
    n: int = 0
    reason: str = ""


def variance_ratio(series: F64, q: int) -> VarianceRatio:
    """Ratio of overlapping q-bar changes with drift, unbiased; shape (n,).

    Unknown with a reason when a value is missing, nothing moves or q > (n - 1) / 2.
    """
    n = max(len(series) - 1, 0)
    reason = why_untestable(series, least=max(2 * q, 2) + 1)
    if reason:
        return VarianceRatio(q, np.nan, np.nan, n, reason)
    changes = np.diff(series)
    deviations = changes - changes.mean()
    squares = deviations * deviations
    total = float(squares.sum())
    long = series[q:] - series[:-q] - q * changes.mean()
    ratio = float(long @ long) / (q * (n - q + 1) * (1 - q / n)) / (total / (n - 1))
    delta = [n * float(squares[k:] @ squares[:-k]) / total**2 for k in range(1, q)]
    theta = sum(4 * (1 - k / q) ** 2 * value for k, value in enumerate(delta, 1))
    if not theta > 0.0:
        return VarianceRatio(q, ratio, np.nan, n, "too few bars moved for a standard error")
    return VarianceRatio(q, ratio, float(np.sqrt(n) * (ratio - 1) / np.sqrt(theta)), n)


@dataclass(frozen=True, slots=True)
class Hurst:
    """Exponent, and the 5 to 95 % band of random walks of its length (to two digits, from 1,000 bars to hundreds).

    Inside the band it says nothing. From `n` bars; NaN when `reason` says why.
    """

    value: float
    band: tuple[float, float]
    n: int = 0
    reason: str = ""


def hurst(series: F64, simulations: int = 500) -> Hurst:
    """Slope of log std of lagged differences on log lag, lags 2 to 20; 0 simulations: no band.

    Unknown with a reason below 40 bars, when a value is missing, and for a series whose changes are all equal.
    """
    n = len(series)
    reason = why_untestable(series, least=HURST_LEAST_BARS)
    value = np.nan if reason else float(_exponents(series[None, :])[0])
    if np.isnan(value):
        return Hurst(np.nan, (np.nan, np.nan), n, reason or "the changes over one of the lags are all equal")
    # a window of a live pair differs by its holes only; its band moves by less than the simulation's own error
    rounded = round(n, -1) if n < 1_000 else round(n, -2)
    return Hurst(value, _band(rounded, simulations) if simulations else (np.nan, np.nan), n)


@lru_cache(maxsize=64)
def _band(n: int, simulations: int) -> tuple[float, float]:
    random = np.random.default_rng(SEED)
    exponents = [_exponents(random.standard_normal((1, n)).cumsum(axis=1))[0] for _ in range(simulations)]
    low, high = np.quantile(exponents, [0.05, 0.95])
    return float(low), float(high)


def _exponents(walks: F64) -> F64:
    """Exponent of each row."""
    deviations = np.stack([np.std(walks[:, lag:] - walks[:, :-lag], axis=1) for lag in HURST_LAGS])
    x = np.log(HURST_LAGS) - np.log(HURST_LAGS).mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes: F64 = x @ np.log(deviations) / (x @ x)
    return np.where(np.isfinite(slopes), slopes, np.nan)
