"""Vector autoregressions from moments alone: their order, and what lagged changes leave of levels and changes.

A VAR(p) in levels is dx_t on x_{t-1} and p - 1 lagged changes, which are far less alike than p lagged levels are. One
elimination of the moments passes through all orders in turn.
"""

import numpy as np
from numba import njit

from analytics.core.stationarity.lags import Lags
from market.core.types import F64

#: a pivot below this share of its column's square is rounding
_SINGULAR = 1e-13


def var_order(levels: F64, lags: Lags) -> int:
    """Order of the VAR with constant that minimises the criterion on the sample common to all orders.

    `levels` has shape (n, k). Greatest order: `lags.count` + 1, else round(12 (n/100)^(1/4)) as statsmodels.
    """
    n, series = levels.shape
    most = min(round(12 * (n / 100) ** 0.25), (n - series - 1) // (1 + series))
    if lags.count is not None:
        most = min(most, lags.count + 1)
    if most < 1:
        return 0
    moments = var_moments(levels, most - 1)
    price = 2.0 if lags.criterion == "aic" else np.log(n - most)
    return int(_best_order(moments, series, n - most, price))


@njit(cache=True, nogil=True)
def var_moments(levels: F64, lag: int) -> F64:
    """Centred moments of (x_{t-1}, dx_{t-1} … dx_{t-lag}, dx_t), shape (k (lag + 2),) * 2, rows t = lag + 1 … n - 1.

    O(n k^2 lag): products of two lags differ from those one lag earlier by one row at each end.
    """
    n, k = levels.shape
    x = np.empty((n, k))
    for i in range(k):
        x[:, i] = levels[:, i] - levels[:, i].mean()
    d = x[1:] - x[:-1]
    first = _first_rows(x, d, lag)
    size = k * (lag + 2)
    gram = np.empty((size, size))
    gram[: 2 * k] = first[1:, 1:]
    gram[:, : 2 * k] = first[1:, 1:].T
    for i in range(2 * k, size):
        a, one = i // k - 1, i % k
        for j in range(2 * k, size):
            b, other = j // k - 1, j % k
            entered, left = d[lag - a, one] * d[lag - b, other], d[n - 1 - a, one] * d[n - 1 - b, other]
            gram[i, j] = gram[i - k, j - k] + (entered - left)
    sums = first[0, 1:]
    order = np.concatenate((np.arange(k), np.arange(2 * k, size), np.arange(k, 2 * k)))
    centred: F64 = gram - np.outer(sums, sums) / (n - 1 - lag)
    return np.ascontiguousarray(centred[order][:, order])


@njit(cache=True, nogil=True)
def _first_rows(x: F64, d: F64, lag: int) -> F64:
    """Sums over t of (1, x_t, d_t) times (1, x_t, d_t, d_{t-1} … d_{t-lag}), shape (2 k + 1, k (lag + 2) + 1)."""
    m, k = d.shape
    row = np.ones(k * (lag + 2) + 1)
    sums = np.zeros((2 * k + 1, len(row)))
    for t in range(lag, m):
        for i in range(k):
            row[1 + i] = x[t, i]
            for b in range(lag + 1):
                row[1 + k * (b + 1) + i] = d[t - b, i]
        for i in range(2 * k + 1):
            for j in range(len(row)):
                sums[i, j] += row[i] * row[j]
    return sums


@njit(cache=True, nogil=True)
def eliminate(moments: F64, squares: F64, start: int, stop: int) -> int:
    """Take the columns [start, stop) out of all later ones, in place; how far it came before a singular one.

    `squares` are the diagonal before any elimination.
    """
    size = len(moments)
    for c in range(start, stop):
        pivot = moments[c, c]
        if not pivot > _SINGULAR * squares[c]:
            return c
        for i in range(c + 1, size):
            factor = moments[i, c] / pivot
            for j in range(c + 1, size):
                moments[i, j] -= factor * moments[c, j]
    return stop


@njit(cache=True, nogil=True)
def _best_order(moments: F64, series: int, rows: int, price: float) -> int:
    size = len(moments)
    squares = np.diag(moments).copy()
    newest = size - series
    # order 0 explains x_t = x_{t-1} + dx_t by the constant alone
    plain = (
        moments[:series, :series] + moments[:series, newest:] + moments[newest:, :series] + moments[newest:, newest:]
    )
    best, best_order = _log_det(plain / rows) + price / rows * series, 0
    for order in range(1, size // series):
        start = series * (order - 1)
        if eliminate(moments, squares, start, start + series) < start + series:
            break
        log_det = _log_det(moments[newest:, newest:] / rows)
        if np.isnan(log_det):
            break
        value = log_det + price / rows * (order * series**2 + series)
        if value < best:
            best, best_order = value, order
    return best_order


@njit(cache=True, nogil=True)
def _log_det(matrix: F64) -> float:
    """Log determinant of a symmetric matrix; NaN when it is not positive definite."""
    work = matrix.copy()
    squares = np.diag(work).copy()
    if eliminate(work, squares, 0, len(work)) < len(work):
        return np.nan
    total = 0.0
    for i in range(len(work)):
        total += np.log(work[i, i])
    return total
