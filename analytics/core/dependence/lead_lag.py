"""Which leg moves first: correlation of the returns of one with those of the other some bars later.

r(lag) = corr(returns_y at t, returns_x at t + lag),   lag > 0: y leads, lag < 0: x leads
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np

from analytics.core.dependence.correlation import pearson
from analytics.core.usable import why_unusable
from market.core.types import F64, I64

#: fewest pairs of returns for a coefficient
LEAST_RETURNS = 10


@dataclass(frozen=True, slots=True)
class LeadLag:
    """`correlations` at `lags` -most … most from `n` pairs of returns each; NaN where n is below 10 or a leg is flat.

    `best` is the lag of the greatest absolute correlation: y leads by so many bars when it is positive. White noise
    stays inside ±`band` at that lag in 95 % of cases, and inside ±`widest_band` at all lags together: only beyond the
    latter is the best lag more than the luck of having looked at many.
    """

    lags: I64
    correlations: F64
    n: I64
    best: int | None
    band: float
    widest_band: float
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "LeadLag":
        empty = np.empty(0)
        return cls(empty.astype(np.int64), empty, empty.astype(np.int64), None, np.nan, np.nan, reason)


def lead_lag(returns_y: F64, returns_x: F64, most: int = 60) -> LeadLag:
    """Correlations at lags -most … most of returns of shape (n,); pairs with a value that is no number are left out.

    Each lag with the means of its own pairs. Unknown with a reason when no lag has 10 pairs or a leg does not move.
    """
    known_y, known_x = np.isfinite(returns_y), np.isfinite(returns_x)
    for leg, known in ((returns_y, known_y), (returns_x, known_x)):
        reason = why_unusable(leg[known], least=LEAST_RETURNS)
        if reason:
            return LeadLag.unknown(reason)
    most = min(most, len(returns_y) - 1)
    lags = np.arange(-most, most + 1)
    correlations, n = np.full(len(lags), np.nan), np.zeros(len(lags), np.int64)
    for i, lag in enumerate(range(-most, most + 1)):
        early, late = (
            slice(max(-lag, 0), len(returns_y) - max(lag, 0)),
            slice(max(lag, 0), len(returns_y) + min(lag, 0)),
        )
        both = known_y[early] & known_x[late]
        n[i] = np.count_nonzero(both)
        if n[i] >= LEAST_RETURNS:
            correlations[i] = pearson(returns_y[early][both], returns_x[late][both])
    if not np.isfinite(correlations).any():
        return LeadLag.unknown(f"no lag has {LEAST_RETURNS} returns of both legs that move")
    best = int(np.nanargmax(np.abs(correlations)))
    tried = int(np.count_nonzero(np.isfinite(correlations)))
    alone, together = (_band(0.95, int(n[best])), _band(0.95 ** (1.0 / tried), int(n[best])))
    return LeadLag(lags, correlations, n, int(lags[best]), alone, together)


def _band(confidence: float, n: int) -> float:
    return NormalDist().inv_cdf((1.0 + confidence) / 2.0) / sqrt(n)
