"""The cointegrating vector of Johansen's test as a hedge (D10)."""

from analytics.core.cointegration.johansen import johansen_pair
from analytics.core.hedges import FitError, Line, register
from analytics.core.stationarity.lags import Lags
from market.core.types import F64


@register("johansen", "Johansen vector")
def johansen_hedge(y: F64, x: F64) -> Line:
    """b from the first eigenvector normalised to y = 1, lags by BIC; intercept = mean(y - b x)."""
    result = johansen_pair(y, x, Lags())
    if result.reason:
        raise FitError(result.reason)
    ratio = -result.vector[1]
    return Line(ratio, float(y.mean() - ratio * x.mean()))
