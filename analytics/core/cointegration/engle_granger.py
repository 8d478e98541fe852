"""Engle-Granger test of two series, both ways round (definitions D3, D8)."""

from dataclasses import dataclass

import numpy as np

from analytics.core.moments import moments
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.mackinnon import critical_values, pvalue
from analytics.core.stationarity.unit_root import UnitRoot, dickey_fuller
from market.core.types import F64

#: statsmodels' bound, 100 sqrt(eps): residuals of a fit above it are rounding
SAME_ASSET_R2 = 1 - 100 * np.sqrt(np.finfo(np.float64).eps)
SAME_ASSET = "the legs are the same asset: one explains the other but for rounding"


@dataclass(frozen=True, slots=True)
class EngleGranger:
    """Both directions, and p = min(1, 2 min(p1, p2)) for having looked at two (D3); NaN when one is unknown."""

    y_on_x: UnitRoot
    x_on_y: UnitRoot

    @property
    def pvalue(self) -> float:
        if self.y_on_x.reason or self.x_on_y.reason:
            return np.nan
        return min(1.0, 2.0 * min(self.y_on_x.pvalue, self.x_on_y.pvalue))


def engle_granger(y: F64, x: F64, lags: Lags) -> EngleGranger:
    """Test of "no cointegration" with y and with x as the dependent leg; arrays of shape (n,), no NaN, no gaps."""
    return EngleGranger(residual_test(y, x, lags), residual_test(x, y, lags))


def residual_test(y: F64, x: F64, lags: Lags) -> UnitRoot:
    """Step 1: OLS of y on x with constant. Step 2: Dickey-Fuller of its residual without constant.

    Critical values for two series at n - 1 observations (as Stata's egranger); p is asymptotic, so for small n the
    critical values decide. ValueError when n is too small for the lags.
    """
    n = len(y)
    _, mean_y, mean_x, syy, sxx, sxy = moments(y, x, np.zeros(n, np.bool_), 0, n)
    if not (sxx > 0.0 and syy > 0.0):
        return UnitRoot.unknown("a leg does not move")
    residual = (y - mean_y) - (sxy / sxx) * (x - mean_x)
    if 1.0 - float(residual @ residual) / syy >= SAME_ASSET_R2:
        return UnitRoot.unknown(SAME_ASSET)
    statistic, lag, rows, coefficient = dickey_fuller(residual, lags, "n")
    if np.isnan(statistic):
        return UnitRoot.unknown("the residual does not move, or its lags say the same thing twice")
    critical = critical_values(n - 1, "c", series=2)
    return UnitRoot(statistic, pvalue(statistic, "c", series=2), lag, rows, critical, coefficient)
