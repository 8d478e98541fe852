"""How often each test calls a pair of unrelated walks a discovery: 5 % were promised.

2,000 pairs of 1,000 bars, seeds 0 … 1,999; the standard error of a share is 0.5 %.
"""

from collections.abc import Callable

import numpy as np
import pytest

from analytics.core.cointegration.engle_granger import engle_granger, residual_test
from analytics.core.cointegration.johansen import johansen_pair
from analytics.core.cointegration.phillips_ouliaris import phillips_ouliaris
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import adf
from market.core.types import F64
from tests.core.pairs import walks

PAIRS, BARS = 2_000, 1_000
#: log return of a bar that all bars share, 0.3 of its standard deviation
DRIFT = 3e-4 * np.arange(BARS)

Legs = tuple[F64, F64]


@pytest.fixture(scope="module")
def pairs() -> list[Legs]:
    return [walks(BARS, seed) for seed in range(PAIRS)]


def by_engle_granger(y: F64, x: F64) -> bool:
    test = residual_test(y, x, Lags())
    return test.statistic < test.critical["5%"]


def by_adf_of_the_known_spread(y: F64, x: F64) -> bool:
    test = adf(y - x, Lags())
    return test.statistic < test.critical["5%"]


def by_z_t(y: F64, x: F64) -> bool:
    test = phillips_ouliaris(y, x)
    return test.z_t < test.critical["5%"]


def by_p_z(y: F64, x: F64) -> bool:
    test = phillips_ouliaris(y, x)
    return test.p_z > test.p_z_critical["5%"]


def by_johansen(y: F64, x: F64) -> bool:
    """D10: the rank is 1 exactly."""
    return johansen_pair(y, x, Lags()).rank == 1


def by_johansen_with_drift(y: F64, x: F64) -> bool:
    return johansen_pair(y + DRIFT, x + DRIFT, Lags()).rank >= 1


def by_johansen_without_drift(y: F64, x: F64) -> bool:
    return johansen_pair(y, x, Lags()).rank_without_drift >= 1


@pytest.mark.parametrize(
    "is_found",
    [
        by_engle_granger,
        by_adf_of_the_known_spread,
        by_z_t,
        by_p_z,
        by_johansen,
        by_johansen_with_drift,
        by_johansen_without_drift,
    ],
)
def test_five_percent_of_unrelated_pairs_are_found(is_found: Callable[[F64, F64], bool], pairs: list[Legs]) -> None:
    assert 0.035 <= np.mean([is_found(y, x) for y, x in pairs]) <= 0.065


def test_looking_both_ways_finds_no_more(pairs: list[Legs]) -> None:
    both = [engle_granger(y, x, Lags()) for y, x in pairs]
    assert np.mean([test.pvalue < 0.05 for test in both]) <= 0.065
    # D3: the better of two directions alone would find 8 to 10 %
    assert np.mean([min(test.y_on_x.pvalue, test.x_on_y.pvalue) < 0.05 for test in both]) > 0.065


def test_the_usual_values_of_johansen_suppose_a_drift(pairs: list[Legs]) -> None:
    """Why there is `rank_without_drift`: twice as many walks without one get a rank above 0."""
    assert np.mean([johansen_pair(y, x, Lags()).rank >= 1 for y, x in pairs]) == pytest.approx(0.115, abs=0.015)
