"""Least squares over all bars from a fixed start (D6)."""

from analytics.core.hedges import Line, register
from analytics.core.hedges.ols import ols
from market.core.types import F64


@register("expanding", "OLS, expanding", live="memory")
def expanding(y: F64, x: F64) -> Line:
    """OLS of the rows given; a live series goes on from its start, which the pair spec stores."""
    return ols(y, x)
