import numpy as np
import pytest

from analytics.core.stationarity.integration import integration_order
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import adf
from market.core.types import F64
from tests.core.pairs import walks
from tests.core.shared_data import log_closes, needs_shared

WALK = walks(600, 4)[0]


@pytest.mark.parametrize(
    ("leg", "order", "words"),
    [
        (np.random.default_rng(2).normal(size=600), 0, "looks stationary itself"),
        (WALK, 1, "and its changes have none"),
        (np.cumsum(WALK), 2, "order above 1"),
    ],
)
def test_orders(leg: F64, order: int, words: str) -> None:
    found = integration_order(leg, Lags())
    assert found.order == order
    assert words in found.statement
    assert (found.level, found.change) == (adf(leg, Lags()), adf(np.diff(leg), Lags()))
    assert (found.n, found.reason) == (600, "")


@needs_shared
def test_real_legs_have_order_one_mostly() -> None:
    orders = [integration_order(leg, Lags()).order for leg in log_closes(bars=1_440).values()]
    assert orders.count(1) >= 14


def test_the_lags_are_the_callers() -> None:
    found = integration_order(WALK, Lags("fixed", 5))
    assert (found.level.lags, found.change.lags) == (5, 5)


@pytest.mark.parametrize(
    ("leg", "reason"),
    [
        (np.full(200, 0.1), "the series does not move"),
        (np.where(np.arange(200) == 3, np.nan, 1.0), "a value is missing or infinite"),
        (np.where(np.arange(200) == 3, np.inf, 1.0), "a value is missing or infinite"),
        (np.ones(1), "1 bars are too few: at least 20"),
        (0.1 * np.arange(200.0), "all changes are equal"),
        (np.tile([1.0, 2.0], 100), "the series does not move, or its lags say the same thing twice"),
    ],
)
def test_what_cannot_be_judged_has_a_reason(leg: F64, reason: str) -> None:
    found = integration_order(leg, Lags())
    assert found.order is None
    assert found.reason == reason
    assert found.statement == ""
