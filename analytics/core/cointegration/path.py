"""How the Engle-Granger test has judged a pair over time: the test of one window after the other."""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.engle_granger import engle_granger
from analytics.core.stationarity.lags import Lags
from market.core.types import F64, I64


@dataclass(frozen=True, slots=True)
class PvaluePath:
    """`pvalue[k]` of both directions (D3) on the `window` bars that end with row `ends[k]`; NaN where unknown.

    Windows overlap, so neighbouring values say nearly the same thing: a path is a picture, not so many tests.
    """

    ends: I64
    pvalue: F64
    window: int


def pvalue_path(y: F64, x: F64, window: int, lags: Lags, *, steps: int = 60) -> PvaluePath:
    """At most `steps` windows, evenly spread and ending with the last bar; y, x of shape (n,) in the space of the fit.

    A window with a missing bar is unknown. With fewer bars than a window the path is empty.
    """
    n = len(y)
    if n < window:
        return PvaluePath(np.empty(0, np.int64), np.empty(0), window)
    ends = np.unique(np.linspace(window - 1, n - 1, min(steps, n - window + 1)).round().astype(np.int64))
    return PvaluePath(ends, np.array([_pvalue(y, x, slice(end - window + 1, end + 1), lags) for end in ends]), window)


def _pvalue(y: F64, x: F64, rows: slice, lags: Lags) -> float:
    own, other = y[rows], x[rows]
    if not (np.all(np.isfinite(own)) and np.all(np.isfinite(other))):
        return np.nan
    return engle_granger(np.ascontiguousarray(own), np.ascontiguousarray(other), lags).pvalue
