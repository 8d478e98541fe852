import numpy as np
import pytest

from analytics.core.cointegration.basket import basket
from analytics.core.cointegration.engle_granger import SAME_ASSET
from analytics.core.reversion.half_life import half_life
from analytics.core.stationarity.lags import Lags
from market.core.types import F64
from tests.core.pairs import walks

WEIGHTS = np.array([1.0, -0.5, -0.3, 0.2, -0.4, -0.6])


def legs(n: int, count: int, seed: int) -> F64:
    """Log prices of `count` legs whose first one is tied to the walks of the others by WEIGHTS, half-life 5 bars."""
    random = np.random.default_rng(seed)
    prices = 5.0 + np.cumsum(random.normal(0.0, 1e-3, (n, count)), axis=0)
    spread = np.zeros(n)
    for t in range(1, n):
        spread[t] = 0.5**0.2 * spread[t - 1] + random.normal(0.0, 5e-4)
    prices[:, 0] = 2.0 + spread - prices[:, 1:] @ WEIGHTS[1:count]
    return prices


@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_weights_are_found(count: int) -> None:
    found = basket(legs(3_000, count, 2), Lags())
    np.testing.assert_allclose(found.weights, WEIGHTS[:count], atol=0.05)
    assert found.test.rank == 1
    assert found.statement == f"Johansen's trace test finds one relation between the {count} legs at 95 %."
    assert found.half_life.low < 5.0 < found.half_life.high


def test_the_spread_is_prices_times_weights_less_the_intercept() -> None:
    prices = legs(800, 3, 2)
    found = basket(prices, Lags())
    np.testing.assert_allclose(found.spread, prices @ np.array(found.weights) - found.intercept, atol=1e-13)
    assert found.spread.mean() == pytest.approx(0.0, abs=1e-14)
    assert found.half_life == half_life(found.spread)
    assert found.n == 800


def test_unrelated_legs_are_called_so() -> None:
    levels = np.column_stack([*walks(1_000, 2), walks(1_000, 5)[0]])
    assert basket(levels, Lags()).statement.endswith("at 95 %: they are not cointegrated.")


def test_stationary_legs_are_called_so() -> None:
    noise = np.random.default_rng(1).normal(size=(500, 3))
    assert basket(noise, Lags()).statement.endswith("all legs look stationary, so this is not cointegration.")


def test_two_relations_are_named() -> None:
    random = np.random.default_rng(1)
    common = np.cumsum(random.normal(0.1, 1.0, (1_000, 1)), axis=0)
    levels = common + random.normal(size=(1_000, 3))
    assert "2 relations between the 3 legs" in basket(levels, Lags()).statement


def test_a_rank_that_hangs_on_a_drift_says_so() -> None:
    found = next(b for b in (basket(legs(300, 3, seed), Lags()) for seed in range(60)) if b.test.rank == 2)
    assert found.statement.endswith(f"prices without drift it finds rank {found.test.rank_without_drift}.")


def test_legs_that_say_the_same_have_no_basket() -> None:
    y, x = walks(300, 1)
    found = basket(np.column_stack([y, x, y + x]), Lags())
    assert found.reason == found.half_life.reason == SAME_ASSET
    assert np.isnan([*found.weights, found.intercept]).all()
    assert (len(found.spread), found.statement) == (0, "")


@pytest.mark.parametrize("count", [2, 7])
def test_a_basket_has_three_to_six_legs(count: int) -> None:
    with pytest.raises(ValueError, match=f"3 to 6 legs, not {count}"):
        basket(np.zeros((300, count)), Lags())
