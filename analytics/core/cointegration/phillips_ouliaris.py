"""Phillips-Ouliaris tests of two series with constant: Z_t beside Engle-Granger, P_z for no order of legs (D10).

P. C. B. Phillips, S. Ouliaris, "Asymptotic Properties of Residual Based Tests for Cointegration", Econometrica 58
(1990) 165-193. Instead of lagged changes a long-run variance allows for autocorrelation, with Bartlett weights
w_j = 1 - j / (bandwidth + 1):

    Z_t = ((a - 1) - L / U) / sqrt(W / (n U))  of the residuals u of y on x, u_t = a u_{t-1} + k_t, U = sum u_{t-1}^2,
                                               L = sum_j w_j sum_t k_t k_{t-j},   W = sum k_t^2 + 2 L
    P_z = n tr(O M^-1)   M = moments of z = (y, x) about their mean, O = long-run covariance of the residuals of
                         z_t on a constant and z_{t-1}, both over n
"""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.engle_granger import SAME_ASSET, SAME_ASSET_R2
from analytics.core.stationarity.mackinnon import LEVELS, critical_values, pvalue
from analytics.core.usable import REPEATS, why_untestable
from market.core.types import F64

#: Phillips and Ouliaris (1990), table IVb, two series, for 1, 5 and 10 %; the digits of R's urca
P_Z_CRITICAL = dict(zip(LEVELS, (71.9273, 55.2202, 47.5877), strict=True))
LEAST_BARS = 10
#: share of the residual's square that is left when all else is rounding
_EXACT = 1e-18


@dataclass(frozen=True, slots=True)
class PhillipsOuliaris:
    """`z_t` of y on x with p (MacKinnon 1994, asymptotic) and critical values (MacKinnon 2010): its limit is that of
    Engle-Granger. `p_z` rejects "no cointegration" above its critical values and is the same for x on y.

    `n` bars, Bartlett weights up to `bandwidth` lags; numbers are NaN when `reason` says why.
    """

    z_t: float
    pvalue: float
    critical: dict[str, float]
    p_z: float
    p_z_critical: dict[str, float]
    bandwidth: int
    n: int
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str, n: int = 0) -> "PhillipsOuliaris":
        return cls(np.nan, np.nan, {}, np.nan, {}, 0, n, reason)


def phillips_ouliaris(y: F64, x: F64, bandwidth: int | None = None) -> PhillipsOuliaris:
    """Both tests of "no cointegration", arrays of shape (n,); bandwidth trunc(4 (n/100)^(1/4)) unless given.

    Unknown with a reason for missing values, a leg that does not move, and legs that are the same asset. ValueError
    for a bandwidth that is negative or not below n - 1.
    """
    n = len(y)
    reason = why_untestable(y, x, least=LEAST_BARS) or why_untestable(y[:-1], x[:-1], least=0)
    if reason:
        return PhillipsOuliaris.unknown(reason, n)
    lags = int(4.0 * (n / 100.0) ** 0.25) if bandwidth is None else bandwidth
    if not 0 <= lags < n - 1:
        raise ValueError(f"A bandwidth of {lags} does not fit {n} bars: use 0 to {n - 2}.")
    legs = np.column_stack([y - y.mean(), x - x.mean()])
    square = _square(legs)
    if _is_singular(square) or _is_singular(_square(legs[:-1])):
        return PhillipsOuliaris.unknown(SAME_ASSET, n)
    z_t = _z_t(legs[:, 0] - (square[0, 1] / square[1, 1]) * legs[:, 1], lags)
    p_z = _p_z(legs, square, lags)
    if not (np.isfinite(z_t) and np.isfinite(p_z)):
        return PhillipsOuliaris.unknown(REPEATS, n)
    critical = critical_values(n - 1, "c", series=2)
    return PhillipsOuliaris(z_t, pvalue(z_t, "c", series=2), critical, p_z, dict(P_Z_CRITICAL), lags, n)


def _square(legs: F64) -> F64:
    centred = legs - legs.mean(axis=0)
    square: F64 = centred.T @ centred
    return square


def _is_singular(square: F64) -> bool:
    """Whether one leg explains the other but for rounding."""
    return bool(square[0, 1] ** 2 >= SAME_ASSET_R2 * square[0, 0] * square[1, 1])


def _z_t(residual: F64, lags: int) -> float:
    """NaN when the long-run variance is not positive, or the residual follows from its past but for rounding."""
    before, after = residual[:-1], residual[1:]
    squares = float(before @ before)
    if not squares > 0.0:
        return np.nan
    alpha = float(before @ after) / squares
    shocks = (after - alpha * before)[:, None]
    one_sided = float(_one_sided(shocks, lags)[0, 0])
    long_run = float(shocks[:, 0] @ shocks[:, 0]) + 2.0 * one_sided
    if not (long_run > 0.0 and np.sum(shocks**2) > _EXACT * squares):
        return np.nan
    return ((alpha - 1.0) - one_sided / squares) / float(np.sqrt(long_run / len(residual) / squares))


def _p_z(legs: F64, square: F64, lags: int) -> float:
    before, after = legs[:-1] - legs[:-1].mean(axis=0), legs[1:] - legs[1:].mean(axis=0)
    shocks = after - before @ np.linalg.solve(before.T @ before, before.T @ after)
    one_sided = _one_sided(shocks, lags)
    long_run = shocks.T @ shocks + one_sided + one_sided.T
    return len(legs) * float(np.trace(np.linalg.solve(square, long_run)))


def _one_sided(shocks: F64, lags: int) -> F64:
    """Weighted sums of shocks_t shocks_{t-j}' over j = 1 … lags."""
    total = np.zeros((shocks.shape[1],) * 2)
    for j in range(1, lags + 1):
        total += (1.0 - j / (lags + 1.0)) * (shocks[j:].T @ shocks[:-j])
    return total
