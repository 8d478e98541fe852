"""Order of integration of a leg: the question that comes before any statement about cointegration (D11)."""

from dataclasses import dataclass

import numpy as np

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import UnitRoot, adf
from analytics.core.usable import why_untestable
from market.core.types import F64

LEAST_BARS = 20


@dataclass(frozen=True, slots=True)
class IntegrationOrder:
    """`order` 0: the level is stationary; 1: its change is; 2: more than 1; None with a `reason` when unknown.

    Both tests at 5 % by the critical values of their own number of rows. `statement` says it in words.
    """

    order: int | None
    level: UnitRoot
    change: UnitRoot
    n: int
    statement: str
    reason: str = ""


def integration_order(leg: F64, lags: Lags) -> IntegrationOrder:
    """ADF with constant of `leg`, shape (n,), and of its changes (n - 1,).

    Cointegration of two legs means something only where both have order 1. Unknown with a reason for missing values
    and where a test is. ValueError when n is too small for a fixed number of lags.
    """
    n = len(leg)
    reason = why_untestable(leg, least=LEAST_BARS)
    if reason:
        unknown = UnitRoot.unknown(reason)
        return IntegrationOrder(None, unknown, unknown, n, "", reason)
    level, change = adf(leg, lags, "c"), adf(np.diff(leg), lags, "c")
    reason = level.reason or ("" if _rejects(level) else change.reason)
    if reason:
        return IntegrationOrder(None, level, change, n, "", reason)
    order = 0 if _rejects(level) else 1 if _rejects(change) else 2
    return IntegrationOrder(order, level, change, n, _STATEMENTS[order].format(level=level, change=change))


def _rejects(test: UnitRoot) -> bool:
    return test.statistic < test.critical["5%"]


_STATEMENTS = (
    "It looks stationary itself (ADF {level.statistic:.2f}, p = {level.pvalue:.3f}): cointegration says nothing here.",
    "It has a unit root (ADF {level.statistic:.2f}, p = {level.pvalue:.3f}) and its changes have none "
    "({change.statistic:.2f}): order 1.",
    "Its changes have a unit root too (ADF {change.statistic:.2f}, p = {change.pvalue:.3f}): order above 1, no "
    "statement about cointegration holds.",
)
