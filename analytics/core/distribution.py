"""How the returns of one leg are spread: volatility, skew, tails, and whether they remember (D21)."""

from dataclasses import dataclass

import numpy as np

from analytics.core.usable import why_unusable
from market.core.types import F64, Timeframe

LEAST_RETURNS = 4
_SECONDS_A_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Distribution:
    """Of `n` returns. `volatility` of one bar, and of a year of `bars_per_year` bars; both as fractions.

    `acf[k - 1]` is the autocorrelation of lag k, inside ±`acf_band` in 95 % of cases for returns that do not remember.
    Numbers are NaN when `reason` says why.
    """

    n: int
    volatility: float
    volatility_annual: float
    skew: float
    excess_kurtosis: float
    acf: F64
    acf_band: float
    bars_per_year: float
    reason: str = ""


def bars_per_year(timeframe: Timeframe) -> float:
    """Bars in 365 days of 24 hours: the market never closes."""
    return _SECONDS_A_YEAR / int(timeframe)


def distribution(returns: F64, bars_per_year: float, lags: int = 10) -> Distribution:
    """Moments of `returns`, shape (n,), those that are no number left out, and autocorrelations of lags 1 … `lags`.

    volatility = std with n - 1, of a year times sqrt(bars_per_year). Skew and excess kurtosis are those of pandas,
    unbiased for a normal: G1 and G2 of Joanes and Gill (1998), scipy's with bias=False. The autocorrelation of lag k is
    sum_t d_t d_{t+k} / sum_t d_t^2, d = returns less their mean, products with a missing side left out (statsmodels'
    acf with missing="conservative").
    """
    known = np.isfinite(returns)
    values = returns[known]
    n = len(values)
    reason = why_unusable(values, least=LEAST_RETURNS)
    if reason:
        return Distribution(n, *(np.nan,) * 4, np.full(lags, np.nan), np.nan, bars_per_year, reason)
    deviations = values - values.mean()
    volatility = float(np.sqrt(deviations @ deviations / (n - 1)))
    scores = deviations / volatility
    skew = n / ((n - 1) * (n - 2)) * float(np.sum(scores**3))
    fourth = n * (n + 1) / ((n - 1) * (n - 2) * (n - 3)) * float(np.sum(scores**4))
    kurtosis = fourth - 3.0 * (n - 1) ** 2 / ((n - 2) * (n - 3))
    acf, band = autocorrelation(returns, lags), 1.959963984540054 / np.sqrt(n)
    return Distribution(
        n, volatility, volatility * np.sqrt(bars_per_year), skew, kurtosis, acf, float(band), bars_per_year
    )


def autocorrelation(series: F64, lags: int) -> F64:
    """Of lags 1 … `lags` of `series`, shape (n,), as in `distribution`; NaN for lags that it does not span."""
    known = np.isfinite(series)
    deviations = np.zeros(len(series))
    deviations[known] = series[known] - series[known].mean()
    acf = np.full(lags, np.nan)
    for k in range(1, min(lags, len(series) - 1) + 1):
        acf[k - 1] = deviations[k:] @ deviations[:-k]
    return acf / float(deviations @ deviations)
