"""Johansen's test of two to twelve series with constant (D10), as statsmodels' `coint_johansen(…, det_order=0)`.

    dx_t = c + Pi x_{t-1} + sum_{i=1..k_ar_diff} G_i dx_{t-i} + e_t,   rank of Pi = number of relations

S_00, S_k0, S_kk are the moments of dx_t and of the level after constant and lagged changes are taken out of both. The
eigenvalues of S_kk^-1 S_k0 S_00^-1 S_0k are squared canonical correlations l_1 >= l_2 >= …; with T rows
trace_r = -T sum_{i>r} ln(1 - l_i) and max_eigen_r = -T ln(1 - l_{r+1}) test "at most r relations".

The level is x_{t-1}; without lagged changes it is x_t, as in statsmodels (seen backwards in time the same statistic, so
it has the same distribution).
"""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.engle_granger import SAME_ASSET, SAME_ASSET_R2
from analytics.core.cointegration.johansen_tables import MAX_EIGEN, TRACE, TRACE_WITHOUT_DRIFT, Row, of_ranks
from analytics.core.cointegration.var import eliminate, var_moments, var_order
from analytics.core.stationarity.lags import Lags
from analytics.core.usable import REPEATS, why_untestable
from market.core.types import F64

MOST_SERIES = len(TRACE)
#: share of a change that is left when all else is rounding
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Johansen:
    """Statistics and critical values (90, 95, 99 %) for r = 0 … k - 1; `rank` by the trace test at 95 %.

    `vectors` belong to the eigenvalues in turn, normalised to v' S_kk v = 1 with their first element positive;
    `vector` is the first one with its first element 1. A pair counts as cointegrated only if the rank is 1: rank k
    means that all series look stationary. `n` rows, `k_ar_diff` lagged changes; `reason` says why nothing is known.

    The usual critical values suppose a drift: of pairs of walks without one the test at 95 % calls 12 % related (rank
    above 0) and 6 % cointegrated (rank 1). `rank_without_drift` keeps to 5 % with a drift or without.
    """

    k_ar_diff: int
    n: int
    trace: tuple[float, ...]
    max_eigen: tuple[float, ...]
    eigenvalues: tuple[float, ...]
    vector: tuple[float, ...]
    rank: int
    reason: str = ""
    vectors: tuple[tuple[float, ...], ...] = ()
    trace_critical: tuple[Row, ...] = ()
    max_eigen_critical: tuple[Row, ...] = ()
    rank_without_drift: int = 0
    trace_critical_without_drift: tuple[Row, ...] = ()

    @classmethod
    def unknown(cls, reason: str, series: int = 2) -> "Johansen":
        return cls(0, 0, (), (), (), (np.nan,) * series, 0, reason)


def johansen_pair(y: F64, x: F64, lags: Lags) -> Johansen:
    """Test of the pair (y, x), arrays of shape (n,)."""
    return johansen(np.column_stack([y, x]), lags)


def johansen(levels: F64, lags: Lags) -> Johansen:
    """Test of the rank of `levels`, shape (n, k), 2 <= k <= 12; lags by the VAR's criterion minus 1.

    Unknown with a reason for missing values, a series that does not move or that the others explain. ValueError for
    another k, and for a fixed number of lags that n bars cannot carry.
    """
    n, series = levels.shape
    if not 2 <= series <= MOST_SERIES:
        raise ValueError(f"Johansen's test takes 2 to {MOST_SERIES} series, not {series}.")
    reason = why_untestable(*levels.T, least=2 * series + 3)
    if reason:
        return Johansen.unknown(reason, series)
    k = (lags.count or 0) if lags.criterion == "fixed" else max(var_order(levels, lags) - 1, 0)
    rows = n - k - 1
    if rows < series * (k + 1) + 2:
        raise ValueError(f"{k} lags are too many for {n} bars.")
    moments = var_moments(levels, k) / rows
    if _are_the_same(moments[:series, :series]):
        return Johansen.unknown(SAME_ASSET, series)
    canonical = _canonical(moments, series, k)
    if canonical is None:
        return Johansen.unknown(REPEATS, series)
    values, vectors = canonical
    terms = -rows * np.log1p(-values)
    trace = np.cumsum(terms[::-1])[::-1]
    critical, without_drift = of_ranks(TRACE, series), of_ranks(TRACE_WITHOUT_DRIFT, series)
    return Johansen(
        k,
        rows,
        _floats(trace),
        _floats(terms),
        _floats(values),
        _floats(vectors[:, 0] / vectors[0, 0]),
        _rank(trace, critical),
        vectors=tuple(_floats(column) for column in vectors.T),
        trace_critical=critical,
        max_eigen_critical=of_ranks(MAX_EIGEN, series),
        rank_without_drift=_rank(trace, without_drift),
        trace_critical_without_drift=without_drift,
    )


def _rank(trace: F64, critical: tuple[Row, ...]) -> int:
    """First r that is not rejected at 95 %."""
    return next((r for r, row in enumerate(critical) if trace[r] <= row[1]), len(critical))


def _canonical(moments: F64, series: int, lag: int) -> tuple[F64, F64] | None:
    """Eigenvalues from the greatest on and their vectors as columns; None where a change is explained exactly."""
    lagged = np.arange(series, series * (lag + 1))
    order = np.r_[lagged, :series, series * (lag + 1) : series * (lag + 2)]
    moments = np.ascontiguousarray(moments[np.ix_(order, order)])
    squares = np.diag(moments).copy()
    if eliminate(moments.copy(), squares, 0, len(moments)) < len(moments):
        return None
    eliminate(moments, squares, 0, lagged.size)
    left = moments[lagged.size :, lagged.size :]
    skk, sk0, s00 = left[:series, :series], left[:series, series:], left[series:, series:]
    if lag == 0:
        skk, sk0 = skk + sk0 + sk0.T + s00, sk0 + s00
    try:
        root = np.linalg.cholesky(skk)
        half = np.linalg.solve(root, sk0)
        values, turned = np.linalg.eigh(half @ np.linalg.solve(s00, half.T))
    except np.linalg.LinAlgError:
        return None
    vectors = np.linalg.solve(root.T, turned)[:, ::-1]
    if not (1.0 - values[-1] > _EXACT and np.all(vectors[0] != 0.0)):
        return None
    return np.maximum(values[::-1], 0.0), vectors * np.sign(vectors[0])


def _are_the_same(levels: F64) -> bool:
    """Whether the others explain one level but for rounding: its R2 is 1 - 1 / (M_ii M^-1_ii)."""
    try:
        inverse = np.diag(np.linalg.inv(levels))
    except np.linalg.LinAlgError:
        return True
    return not np.all(np.diag(levels) * inverse < 1.0 / (1.0 - SAME_ASSET_R2)) or not np.all(inverse > 0.0)


def _floats(values: F64) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
