"""Whether a series remembers: Ljung-Box test of no autocorrelation up to a lag.

    Q = n (n + 2) sum_{k=1..lags} r_k^2 / (n - k),   chi-squared with lags - fitted degrees of freedom

G. M. Ljung, G. E. P. Box, "On a Measure of Lack of Fit in Time Series Models", Biometrika 65 (1978) 297-303.
"""

from dataclasses import dataclass

import numpy as np

from analytics.core.usable import why_unusable
from market.core.types import F64


@dataclass(frozen=True, slots=True)
class LjungBox:
    """`q` and its p-value from `n` bars and `lags` autocorrelations; NaN when `reason` says why."""

    q: float
    pvalue: float
    lags: int
    freedom: int
    n: int
    reason: str = ""


def ljung_box(series: F64, lags: int = 10, *, fitted: int = 0) -> LjungBox:
    """Test of `series`, shape (n,); `fitted` parameters of an ARMA that left it cost a degree of freedom each.

    Unknown with a reason for missing values, no movement, fewer than lags + 2 bars. ValueError unless lags > fitted.
    """
    if not lags > fitted >= 0:
        raise ValueError(f"{lags} lags leave no degree of freedom beside {fitted} fitted parameters.")
    n, freedom = len(series), lags - fitted
    reason = why_unusable(series, least=lags + 2)
    if reason:
        return LjungBox(np.nan, np.nan, lags, freedom, n, reason)
    # 0.2 s to import, and only this test needs it
    from scipy.special import chdtrc

    centred = series - series.mean()
    ks = np.arange(1, lags + 1)
    autocorrelations = np.array([centred[k:] @ centred[:-k] for k in ks]) / float(centred @ centred)
    q = n * (n + 2.0) * float(np.sum(autocorrelations**2 / (n - ks)))
    return LjungBox(q, float(chdtrc(freedom, q)), lags, freedom, n)
