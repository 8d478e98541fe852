"""Variance ratios and Hurst exponent of a spread, each against the random walk (D13)."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analytics.core.reversion.half_life import SEED
from market.core.types import F64

HORIZONS = (2, 5, 10, 30)
HURST_LAGS = np.arange(2, 21)


@dataclass(frozen=True, slots=True)
class VarianceRatio:
    """Var of q-bar changes over q times that of one bar; `z` robust to changing variance (Lo-MacKinlay 1988)."""

    q: int
    ratio: float
    z: float


def variance_ratio(series: F64, q: int) -> VarianceRatio:
    """Ratio of overlapping q-bar changes with drift, unbiased; shape (n,), no NaN.

    NaN when nothing moves or q > n/2.
    """
    changes = np.diff(series)
    n = len(changes)
    if 2 * q > n:
        return VarianceRatio(q, np.nan, np.nan)
    deviations = changes - changes.mean()
    squares = deviations * deviations
    total = float(squares.sum())
    if not total > 0.0:
        return VarianceRatio(q, np.nan, np.nan)
    long = series[q:] - series[:-q] - q * changes.mean()
    ratio = float(long @ long) / (q * (n - q + 1) * (1 - q / n)) / (total / (n - 1))
    delta = [n * float(squares[k:] @ squares[:-k]) / total**2 for k in range(1, q)]
    theta = sum(4 * (1 - k / q) ** 2 * value for k, value in enumerate(delta, 1))
    return VarianceRatio(q, ratio, float(np.sqrt(n) * (ratio - 1) / np.sqrt(theta)))


@dataclass(frozen=True, slots=True)
class Hurst:
    """Exponent, and the 5 to 95 % band of random walks of its length (from 1,000 bars on to the nearest hundred).

    Inside the band it says nothing.
    """

    value: float
    band: tuple[float, float]


def hurst(series: F64, simulations: int = 500) -> Hurst:
    """Slope of log std of lagged differences on log lag, lags 2 to 20; NaN for a series that does not move."""
    value = float(_exponents(series[None, :])[0])
    n = len(series)
    # a window of a live pair differs by its holes only; its band moves by less than the simulation's own error
    n = n if n < 1_000 else round(n, -2)
    return Hurst(value, _band(n, simulations) if simulations else (np.nan, np.nan))


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
