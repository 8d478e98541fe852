"""Johansen's test of two series with constant (D10), as statsmodels' `coint_johansen(…, det_order=0)`."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.core.stationarity.lags import Lags
from market.core.types import F64

#: 90, 95 and 99 % of the trace and the greatest-eigenvalue statistic for r = 0 and r <= 1 (MacKinnon, Haug, Michelis)
TRACE_CRITICAL = ((13.4294, 15.4943, 19.9349), (2.7055, 3.8415, 6.6349))
MAX_EIGEN_CRITICAL = ((12.2971, 14.2639, 18.52), (2.7055, 3.8415, 6.6349))


@dataclass(frozen=True, slots=True)
class Johansen:
    """Statistics for r = 0 and r <= 1; `vector` normalised to y = 1; `rank` by the trace test at 95 %.

    A pair counts as cointegrated only if the rank is 1: rank 2 means that both legs look stationary.
    """

    k_ar_diff: int
    n: int
    trace: tuple[float, ...]
    max_eigen: tuple[float, ...]
    eigenvalues: tuple[float, ...]
    vector: tuple[float, float]
    rank: int
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "Johansen":
        return cls(0, 0, (), (), (), (np.nan, np.nan), 0, reason)


def johansen(y: F64, x: F64, lags: Lags) -> Johansen:
    """Test of the rank of the pair (y, x), arrays of shape (n,), no NaN; lags by the VAR's criterion minus 1."""
    levels = np.column_stack([y - y.mean(), x - x.mean()])
    k = (lags.count or 0) if lags.criterion == "fixed" else max(var_order(levels, lags) - 1, 0)
    rows = len(levels) - k - 1
    if rows < 2 * k + 4:
        raise ValueError(f"{k} lags are too many for {len(levels)} bars.")
    changes = np.diff(levels, axis=0)
    lagged = _centred(_lagged(changes, k))
    r0 = _residual(_centred(changes[k:]), lagged)
    rk = _residual(_centred(levels[1 : len(levels) - k]), lagged)
    skk, sk0, s00 = rk.T @ rk / rows, rk.T @ r0 / rows, r0.T @ r0 / rows
    try:
        root = np.linalg.cholesky(skk)
        half = np.linalg.solve(root, sk0)
        values, vectors = np.linalg.eigh(half @ np.linalg.solve(s00, half.T))
    except np.linalg.LinAlgError:
        return Johansen.unknown("the legs are the same asset or one does not move")
    values = values[::-1]
    first = np.linalg.solve(root.T, vectors[:, -1])
    if not (np.all(values < 1.0) and first[0] != 0.0):
        return Johansen.unknown("the legs are the same asset or one does not move")
    terms = -rows * np.log1p(-values)
    trace = (float(terms.sum()), float(terms[1]))
    rank = 0 if trace[0] <= TRACE_CRITICAL[0][1] else 1 if trace[1] <= TRACE_CRITICAL[1][1] else 2
    eigenvalues = (float(values[0]), float(values[1]))
    vector = (1.0, float(first[1] / first[0]))
    return Johansen(k, rows, trace, (float(terms[0]), float(terms[1])), eigenvalues, vector, rank)


def var_order(levels: npt.NDArray[np.float64], lags: Lags) -> int:
    """Order of the VAR with constant that minimises the criterion on the sample common to all orders."""
    n, series = levels.shape
    most = min(round(12 * (n / 100) ** 0.25), (n - series - 1) // (1 + series))
    rows = n - most
    target = _centred(levels[most:])
    regressors = _centred(np.column_stack([levels[most - i : n - i] for i in range(1, most + 1)]))
    explained = np.linalg.qr(regressors)[0].T @ target
    price = 2.0 if lags.criterion == "aic" else np.log(rows)
    moments = target.T @ target
    best, best_order = np.inf, 0
    for order in range(most + 1):
        if order:
            block = explained[series * (order - 1) : series * order]
            moments = moments - block.T @ block
        sign, log_det = np.linalg.slogdet(moments / rows)
        if sign <= 0:
            break
        value = log_det + price / rows * (order * series**2 + series)
        if value < best:
            best, best_order = value, order
    return best_order


def _lagged(changes: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.float64]:
    """Columns changes_{t-1} … changes_{t-k} of the rows k …; shape (rows, 2 k)."""
    if k == 0:
        return np.empty((len(changes), 0))
    return np.column_stack([changes[k - i : len(changes) - i] for i in range(1, k + 1)])


def _centred(columns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    centred: npt.NDArray[np.float64] = columns - columns.mean(axis=0)
    return centred


def _residual(target: npt.NDArray[np.float64], regressors: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if not regressors.shape[1]:
        return target
    residual: npt.NDArray[np.float64] = target - regressors @ np.linalg.lstsq(regressors, target, rcond=None)[0]
    return residual
