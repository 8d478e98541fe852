"""A basket of three to six legs held together by Johansen's first vector."""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.johansen import Johansen, johansen
from analytics.core.reversion.half_life import HalfLife, half_life
from analytics.core.stationarity.lags import Lags
from market.core.types import F64

FEWEST_LEGS, MOST_LEGS = 3, 6


@dataclass(frozen=True, slots=True)
class Basket:
    """`spread` = prices @ weights - intercept, shape (n,); `weights` are 1 for the first leg, `n` bars.

    In logs a weight is notional for each unit of notional of the first leg, in raw prices units for each of its units.
    `statement` says how many relations the test found; without one the spread is no evidence of anything. Numbers are
    NaN and the spread is empty when `reason` says why.
    """

    weights: tuple[float, ...]
    intercept: float
    spread: F64
    test: Johansen
    half_life: HalfLife
    n: int
    statement: str = ""
    reason: str = ""


def basket(prices: F64, lags: Lags) -> Basket:
    """Basket of `prices`, shape (n, k) in the space of the fit, 3 <= k <= 6; intercept = mean of prices @ weights.

    Unknown with a reason where Johansen's test is. ValueError for another number of legs.
    """
    n, legs = prices.shape
    if not FEWEST_LEGS <= legs <= MOST_LEGS:
        raise ValueError(f"A basket has {FEWEST_LEGS} to {MOST_LEGS} legs, not {legs}.")
    test = johansen(prices, lags)
    if test.reason:
        unknown = HalfLife.unknown(test.reason)
        return Basket(test.vector, np.nan, np.empty(0), test, unknown, n, reason=test.reason)
    # centred first: the weighted prices cancel
    means = prices.mean(axis=0)
    weights = np.array(test.vector)
    spread = (prices - means) @ weights
    intercept = float(means @ weights)
    return Basket(test.vector, intercept, spread, test, half_life(spread), n, statement=_statement(test, legs))


def _statement(test: Johansen, legs: int) -> str:
    words = _words(test.rank, legs)
    if test.rank_without_drift == test.rank:
        return words
    return f"{words} By the values for prices without drift it finds rank {test.rank_without_drift}."


def _words(rank: int, legs: int) -> str:
    if rank == 0:
        return f"Johansen's trace test finds no relation between the {legs} legs at 95 %: they are not cointegrated."
    if rank == legs:
        return (
            f"Johansen's trace test finds rank {legs} at 95 %: all legs look stationary, so this is not cointegration."
        )
    if rank == 1:
        return f"Johansen's trace test finds one relation between the {legs} legs at 95 %."
    return f"Johansen's trace test finds {rank} relations between the {legs} legs at 95 %: fewer legs may do."
