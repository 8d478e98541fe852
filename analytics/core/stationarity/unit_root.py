"""Augmented Dickey-Fuller regression with choice of lags, as statsmodels' `adfuller`, from moments alone.

    dx_t = [c + d t] + lambda x_{t-1} + sum_{i=1..p} g_i dx_{t-i} + e_t,   statistic = lambda / se(lambda)

The lag is chosen on the sample that all candidates share and refitted on its own longer one. One Cholesky of the
moments (level, then the lags in turn, then dx) yields the residual sums of squares of every candidate.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.mackinnon import Trend, critical_values, pvalue
from market.core.types import F64

_TERMS: dict[Trend, int] = {"n": 0, "c": 1, "ct": 2}
_PENALTY = {"fixed": 0, "aic": 1, "bic": 2}
#: a pivot below this share of its column's square is rounding
_SINGULAR = 1e-13


@dataclass(frozen=True, slots=True)
class UnitRoot:
    """One test: `n` rows of the regression, `lags` lagged differences, `coefficient` of the lagged level.

    `reason` says why there is no statistic; then the numbers are NaN.
    """

    statistic: float
    pvalue: float
    lags: int
    n: int
    critical: dict[str, float]
    coefficient: float
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "UnitRoot":
        return cls(np.nan, np.nan, 0, 0, {}, np.nan, reason)


def adf(series: F64, lags: Lags, trend: Trend = "c") -> UnitRoot:
    """ADF test of `series`, shape (n,), no NaN; p by MacKinnon (1994), critical values by MacKinnon (2010).

    Valid only for a series that was not fitted on the same data (D9). ValueError when n is too small for the lags.
    """
    statistic, lag, n, coefficient = dickey_fuller(series, lags, trend)
    if np.isnan(statistic):
        return UnitRoot.unknown("the series does not move, or its lags say the same thing twice")
    return UnitRoot(statistic, pvalue(statistic, trend), lag, n, critical_values(n, trend), coefficient)


def dickey_fuller(series: F64, lags: Lags, trend: Trend) -> tuple[float, int, int, float]:
    """(t-statistic, lags, rows, coefficient) of the regression; NaN where it is singular."""
    terms = _TERMS[trend]
    most = lags.most(len(series), terms)
    level = series - series.mean() if terms else np.ascontiguousarray(series, np.float64)
    result: tuple[float, int, int, float] = _dickey_fuller(level, terms, most, _PENALTY[lags.criterion])
    return result


@njit(cache=True, nogil=True)
def _dickey_fuller(x: F64, terms: int, most: int, penalty: int) -> tuple[float, int, int, float]:
    d = x[1:] - x[:-1]
    lag = most if penalty == 0 else _best_lag(x, d, terms, most, penalty)
    n = len(d) - lag
    gram = _gram(x, d, terms, lag)
    # level last before dx, so that its pivot row holds the coefficient and its error
    order = np.empty(lag + 2, np.int64)
    order[:lag] = np.arange(1, lag + 1)
    order[lag] = 0
    order[lag + 1] = lag + 1
    root = _cholesky(gram[order][:, order])
    residual = root[lag + 1, lag + 1]
    if root[lag, lag] <= 0.0 or residual <= 0.0:
        return np.nan, lag, n, np.nan
    error = residual / np.sqrt(n - lag - 1 - terms)
    return root[lag + 1, lag] / error, lag, n, root[lag + 1, lag] / root[lag, lag]


@njit(cache=True, nogil=True)
def _best_lag(x: F64, d: F64, terms: int, most: int, penalty: int) -> int:
    """Lag of the smallest criterion on the sample of the greatest one; the smaller lag of equals."""
    n = len(d) - most
    gram = _gram(x, d, terms, most)
    root = _cholesky(gram)
    price = 2.0 if penalty == 1 else np.log(float(n))
    best, best_lag = np.inf, 0
    squares = gram[most + 1, most + 1]
    for lag in range(most + 1):
        if root[lag, lag] <= 0.0:
            break
        squares -= root[most + 1, lag] ** 2
        if squares <= 0.0:
            break
        value = n * np.log(squares / n) + price * (lag + 1 + terms)
        if value < best:
            best, best_lag = value, lag
    return best_lag


@njit(cache=True, nogil=True)
def _gram(x: F64, d: F64, terms: int, lag: int) -> F64:
    """Moments of (level, d_1 … d_lag, d_0) over the rows lag … len(d) - 1, deterministic terms taken out.

    Products of two lags differ from those one lag earlier by one row at each end, so only one dot a lag is needed.
    """
    n = len(d) - lag
    size = lag + 2
    products = np.empty((lag + 1, lag + 1))
    for j in range(lag + 1):
        products[0, j] = products[j, 0] = _dot(d[lag:], d[lag - j :], n)
    for i in range(1, lag + 1):
        for j in range(i, lag + 1):
            entered = d[lag - i] * d[lag - j]
            left = d[len(d) - i] * d[len(d) - j]
            products[i, j] = products[j, i] = products[i - 1, j - 1] + (entered - left)
    gram = np.empty((size, size))
    for i in range(1, size):
        a = i if i <= lag else 0
        for j in range(1, size):
            gram[i, j] = products[a, j if j <= lag else 0]
        gram[i, 0] = gram[0, i] = _dot(x[lag:], d[lag - a :], n)
    gram[0, 0] = _dot(x[lag:], x[lag:], n)
    if terms:
        _take_out(gram, _loadings(x, d, lag, 0), float(n))
    if terms == 2:
        half = (n - 1) / 2.0
        _take_out(gram, _loadings(x, d, lag, 1), n * (half * (half + 1.0)) / 3.0)
    return gram


@njit(cache=True, nogil=True)
def _loadings(x: F64, d: F64, lag: int, power: int) -> F64:
    """Sums of each column times (t - mean t)^power."""
    n = len(d) - lag
    weights = np.ones(n)
    if power == 1:
        weights[:] = np.arange(n) - (n - 1) / 2.0
    sums = np.empty(lag + 2)
    sums[0] = _dot(x[lag:], weights, n)
    for i in range(1, lag + 2):
        sums[i] = _dot(d[lag - (i if i <= lag else 0) :], weights, n)
    return sums


@njit(cache=True, nogil=True)
def _take_out(gram: F64, loadings: F64, square: float) -> None:
    for i in range(len(loadings)):
        for j in range(len(loadings)):
            gram[i, j] -= loadings[i] * loadings[j] / square


@njit(cache=True, nogil=True)
def _dot(a: F64, b: F64, n: int) -> float:
    """Dot product of the first n values in eight fixed lanes: the same bits on every machine."""
    s0 = s1 = s2 = s3 = s4 = s5 = s6 = s7 = 0.0
    whole = n - n % 8
    for i in range(0, whole, 8):
        s0 += a[i] * b[i]
        s1 += a[i + 1] * b[i + 1]
        s2 += a[i + 2] * b[i + 2]
        s3 += a[i + 3] * b[i + 3]
        s4 += a[i + 4] * b[i + 4]
        s5 += a[i + 5] * b[i + 5]
        s6 += a[i + 6] * b[i + 6]
        s7 += a[i + 7] * b[i + 7]
    for i in range(whole, n):
        s0 += a[i] * b[i]
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7))


@njit(cache=True, nogil=True)
def _cholesky(gram: F64) -> F64:
    """Lower root; a column that earlier ones explain gets a zero pivot and zeros below it."""
    size = len(gram)
    root = np.zeros((size, size))
    for j in range(size):
        pivot = gram[j, j]
        for k in range(j):
            pivot -= root[j, k] ** 2
        if pivot <= _SINGULAR * gram[j, j]:
            continue
        root[j, j] = np.sqrt(pivot)
        for i in range(j + 1, size):
            value = gram[i, j]
            for k in range(j):
                value -= root[i, k] * root[j, k]
            root[i, j] = value / root[j, j]
    return root
