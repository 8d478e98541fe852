"""KPSS test, whose null is stationarity: the other way round than ADF, so that both together say more.

    s = u_1 + … + u_t partial sums of the residuals u of the series on a constant (and trend),
    KPSS = sum s_t^2 / (n^2 W),   W = (sum u_t^2 + 2 sum_j w_j sum_t u_t u_{t-j}) / n,   w_j = 1 - j / (lags + 1)

D. Kwiatkowski, P. C. B. Phillips, P. Schmidt, Y. Shin, Journal of Econometrics 54 (1992) 159-178; lags by B. Hobijn,
P. H. Franses, M. Ooms, "Generalizations of the KPSS-test for Stationarity", Statistica Neerlandica 58 (2004) 483-502.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analytics.core.usable import is_straight, why_unusable
from market.core.types import F64

LEVELS = {"10%": 0.10, "5%": 0.05, "2.5%": 0.025, "1%": 0.01}
#: KPSS (1992), table 1
_CRITICAL = {"c": (0.347, 0.463, 0.574, 0.739), "ct": (0.119, 0.146, 0.176, 0.216)}
LEAST_BARS = 10


@dataclass(frozen=True, slots=True)
class Kpss:
    """`pvalue` is interpolated in the table of critical values and never leaves 0.01 … 0.1; `bound` says when it would.

    A statistic above `critical` speaks against stationarity about a level ("c") or a trend ("ct"). `n` bars; numbers
    are NaN when `reason` says why.
    """

    statistic: float
    pvalue: float
    lags: int
    n: int
    critical: dict[str, float]
    bound: Literal["", "at most", "at least"] = ""
    reason: str = ""


def kpss(series: F64, trend: Literal["c", "ct"] = "c", lags: int | None = None) -> Kpss:
    """Test of `series`, shape (n,); `lags` of the long-run variance by Hobijn et al. unless given.

    Unknown with a reason for missing values and for a series of which constant and trend leave nothing. ValueError for
    lags that are negative or not below n.
    """
    n = len(series)
    reason = why_unusable(series, least=LEAST_BARS)
    if not reason and trend == "ct" and is_straight(series):
        reason = "the series is a straight line"
    if reason:
        return Kpss(np.nan, np.nan, 0, n, {}, reason=reason)
    residual = _residual(series, trend)
    count = _automatic_lags(residual) if lags is None else lags
    if not 0 <= count < n:
        raise ValueError(f"{count} lags do not fit {n} bars: use 0 to {n - 1}.")
    covariances = _covariances(residual, count)
    weights = 1.0 - np.arange(1, count + 1) / (count + 1.0)
    long_run = float(covariances[0] + 2.0 * (weights @ covariances[1:]))
    statistic = float(np.sum(residual.cumsum() ** 2)) / n**2 / long_run
    critical = _CRITICAL[trend]
    p = float(np.interp(statistic, critical, list(LEVELS.values())))
    bound: Literal["", "at most", "at least"] = (
        "at most" if statistic > critical[-1] else "at least" if statistic < critical[0] else ""
    )
    return Kpss(statistic, p, count, n, dict(zip(LEVELS, critical, strict=True)), bound)


def _residual(series: F64, trend: str) -> F64:
    centred: F64 = series - series.mean()
    if trend == "ct":
        time = np.arange(len(series)) - (len(series) - 1) / 2.0
        centred -= float(time @ centred) / float(time @ time) * time
    return centred


def _automatic_lags(residual: F64) -> int:
    """trunc(1.1447 ((s1 / s0)^2 n)^(1/3)) from the autocovariances up to trunc(n^(2/9))."""
    n = len(residual)
    covariances = _covariances(residual, int(n ** (2.0 / 9.0)))
    both_sides = 2.0 * covariances[1:]
    total = float(covariances[0] + both_sides.sum())
    slope = float(np.arange(1, len(covariances)) @ both_sides) / total
    return min(int(1.1447 * np.cbrt(slope * slope) * np.cbrt(n)), n - 1)


def _covariances(residual: F64, most: int) -> F64:
    """Autocovariances of lags 0 … most, over n."""
    n = len(residual)
    return np.array([residual[j:] @ residual[: n - j] for j in range(most + 1)]) / n
