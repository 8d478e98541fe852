"""Zivot-Andrews test: a unit root against a trend whose level breaks once, at a bar that the data choose (D22).

    dx_t = c + d 1(t > b) + e t + lambda x_{t-1} + sum_{i=1..lags} g_i dx_{t-i} + e_t,   statistic = min over b of
                                                                                         lambda / se(lambda)
E. Zivot, D. W. K. Andrews, "Further Evidence on the Great Crash, the Oil-Price Shock, and the Unit-Root Hypothesis",
JBES 10 (1992) 251-270, model A. As in statsmodels the lags are chosen once, in the regression without a break.

All breaks cost O(n lags^2) together: what the other regressors explain of the step is the sum of their orthonormal
columns over the bars after it, so each break needs three suffix sums more than the one before.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.mackinnon import LEVELS
from analytics.core.stationarity.unit_root import dickey_fuller
from analytics.core.usable import why_untestable
from market.core.types import F64

LEAST_BARS = 30
#: the break is looked for between these shares of the bars
TRIM = 0.15
#: a step of which others explain more than all but this share is none of its own
_SINGULAR = 1e-10

#: percent and quantile of the statistic in 100,000 walks of 2,000 bars, as statsmodels 0.15 (BSD-3) has simulated them
_PERCENT = np.array(
    [0.001, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 2.5, 5.0, 7.5, 10.0, 12.5, 15.0, 17.5, 20.0, 22.5, 25.0,
     27.5, 30.0, 32.5, 35.0, 37.5, 40.0, 42.5, 45.0, 47.5, 50.0, 52.5, 55.0, 57.5, 60.0, 65.0, 70.0, 75.0, 80.0, 85.0,
     90.0, 92.5, 95.0, 96.0, 97.0, 98.0, 99.0, 99.9]
)  # fmt: skip
_QUANTILE = np.array(
    [-6.78442, -5.83192, -5.68139, -5.58461, -5.51308, -5.45043, -5.39924, -5.36023, -5.33219, -5.30294, -5.27644,
     -5.03340, -4.81067, -4.67636, -4.56618, -4.48130, -4.40507, -4.33947, -4.28155, -4.22683, -4.17830, -4.13101,
     -4.08586, -4.04455, -4.00380, -3.96144, -3.92078, -3.88178, -3.84503, -3.80549, -3.77031, -3.73209, -3.69600,
     -3.65985, -3.62126, -3.54580, -3.46848, -3.38533, -3.29112, -3.17832, -3.04165, -2.95146, -2.83179, -2.76465,
     -2.68624, -2.57884, -2.40044, -1.88932]
)  # fmt: skip
CRITICAL = dict(zip(LEVELS, (-5.27644, -4.81067, -4.56618), strict=True))


@dataclass(frozen=True, slots=True)
class ZivotAndrews:
    """`break_at` is the index of the last bar before the step of the most telling break, None when unknown.

    `n` rows of the regression, `lags` lagged differences; asymptotic p, inside 0.00001 … 0.999. A statistic below its
    critical value speaks for a series that is stationary about a broken trend, or about one that is not broken.
    """

    statistic: float
    pvalue: float
    critical: dict[str, float]
    break_at: int | None
    lags: int
    n: int
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "ZivotAndrews":
        return cls(np.nan, np.nan, {}, None, 0, 0, reason)


def zivot_andrews(series: F64, lags: Lags, trim: float = TRIM) -> ZivotAndrews:
    """Test of `series`, shape (n,), with breaks in its middle 1 - 2 `trim`.

    Unknown with a reason for missing values, fewer than 30 bars, and a series that constant, trend and lags explain.
    ValueError when n is too small for a fixed number of lags.
    """
    reason = why_untestable(series, least=LEAST_BARS)
    if reason:
        return ZivotAndrews.unknown(reason)
    n = len(series)
    without, lag, rows, _ = dickey_fuller(series, lags, "ct")
    edge = int(n * trim)
    begin = max(edge - lag, 0)
    statistics = _statistics(series, lag)[begin : n - edge - lag]
    if np.isnan(without) or not np.isfinite(statistics).any():
        return ZivotAndrews.unknown("constant, trend and lags explain the series, or leave no bar to judge a break by")
    best = int(np.nanargmin(statistics))
    statistic = float(statistics[best])
    p = float(np.interp(statistic, _QUANTILE, _PERCENT)) / 100.0
    return ZivotAndrews(statistic, p, dict(CRITICAL), begin + best + lag, lag, rows)


def _statistics(series: F64, lag: int) -> F64:
    """t of lambda for a step that begins with row 0, 1, … of the regression; NaN where it is singular."""
    changes = np.diff(series)
    rows = len(changes) - lag
    time = np.arange(rows) - (rows - 1) / 2.0
    lagged = [changes[lag - i : len(changes) - i] for i in range(1, lag + 1)]
    base = np.linalg.qr(np.column_stack([np.ones(rows), time, *lagged]))[0]
    level, change = _residual(series[lag:-1] - series.mean(), base), _residual(changes[lag:], base)
    # of the step: what the base leaves of its square, and its products with level and change
    square = np.arange(rows, 0.0, -1.0) - np.sum(_suffix_sums(base) ** 2, axis=1)
    on_level, on_change = _suffix_sums(level), _suffix_sums(change)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = square > _SINGULAR * np.arange(rows, 0.0, -1.0)
        square = np.where(left, square, np.nan)
        pivot = float(level @ level) - on_level**2 / square
        product = float(level @ change) - on_level * on_change / square
        residual = float(change @ change) - on_change**2 / square - product**2 / pivot
        freedom = rows - lag - 4
        statistics: F64 = product / np.sqrt(pivot * residual / freedom)
    return np.where((pivot > _SINGULAR * float(level @ level)) & (residual > 0.0), statistics, np.nan)


def _residual(target: F64, base: F64) -> F64:
    residual: F64 = target - base @ (base.T @ target)
    # once more: the level is nearly a trend
    return residual - base @ (base.T @ residual)


def _suffix_sums(columns: npt.NDArray[np.float64]) -> F64:
    sums: F64 = columns[::-1].cumsum(axis=0)[::-1]
    return sums
