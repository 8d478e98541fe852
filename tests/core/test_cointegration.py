from itertools import combinations

import numpy as np
import pytest
from arch.unitroot.cointegration import engle_granger as arch_engle_granger
from statsmodels.tsa.stattools import coint

from analytics.core.cointegration.engle_granger import SAME_ASSET, engle_granger, residual_test
from analytics.core.stationarity.lags import Lags
from tests.core.exact import engle_granger_t
from tests.core.pairs import cointegrated_logs, walks
from tests.core.shared_data import log_closes, needs_shared


@needs_shared
@pytest.mark.parametrize(("lags", "reference"), [("bic", {"autolag": "bic"}), ("1", {"autolag": None, "maxlag": 1})])
def test_equals_statsmodels_on_real_bars(lags: str, reference: dict[str, object]) -> None:
    legs = log_closes(bars=600)
    pairs = list(combinations(sorted(legs), 2))[::4]
    assert len(pairs) == 30
    for y, x in pairs:
        t, p, critical = coint(legs[y], legs[x], trend="c", **reference)
        ours = residual_test(legs[y], legs[x], Lags.parse(lags))
        assert ours.statistic == pytest.approx(t, abs=1e-8)
        assert ours.pvalue == pytest.approx(p, abs=1e-8)
        # 1 % differs by statsmodels' slip in one coefficient
        assert [ours.critical["5%"], ours.critical["10%"]] == pytest.approx(critical[1:], abs=1e-12)


@needs_shared
def test_equals_arch_on_real_bars() -> None:
    legs = log_closes(bars=600)
    for y, x in list(combinations(sorted(legs), 2))[::12]:
        reference = arch_engle_granger(legs[y], legs[x], trend="c", lags=2)
        assert residual_test(legs[y], legs[x], Lags("fixed", 2)).statistic == pytest.approx(reference.stat, abs=1e-8)


@pytest.mark.parametrize("lag", [0, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_equals_sixty_digits(lag: int, seed: int) -> None:
    y, x = cointegrated_logs(200, seed)
    exact = engle_granger_t(y, x, lag)
    assert residual_test(y, x, Lags("fixed", lag)).statistic == pytest.approx(exact, abs=1e-11)


def test_swapped_legs_swap_the_directions() -> None:
    y, x = walks(300, 4)
    one, other = engle_granger(y, x, Lags()), engle_granger(x, y, Lags())
    assert (one.y_on_x, one.x_on_y, one.pvalue) == (other.x_on_y, other.y_on_x, other.pvalue)


def test_having_looked_twice_costs_a_factor_of_two() -> None:
    test = engle_granger(*cointegrated_logs(600, seed=2), Lags())
    assert test.pvalue == 2 * min(test.y_on_x.pvalue, test.x_on_y.pvalue) < 0.05


def test_the_same_asset_is_no_discovery() -> None:
    y, x = walks(300, 4)
    test = engle_granger(2.0 * x + 1e-9 * y, x, Lags())
    assert test.y_on_x.reason == test.x_on_y.reason == SAME_ASSET
    assert np.isnan(test.pvalue)


def test_a_leg_that_does_not_move_is_unknown() -> None:
    assert residual_test(walks(300, 4)[0], np.full(300, 2.0), Lags()).reason == "a leg does not move"


def rejections(pairs: int, n: int, lags: Lags) -> float:
    """Share of pairs of independent walks that the test calls cointegrated at 5 %."""
    tests = [residual_test(*walks(n, seed), lags) for seed in range(pairs)]
    return float(np.mean([test.statistic < test.critical["5%"] for test in tests]))


def test_few_null_pairs_are_called_cointegrated() -> None:
    assert 0.01 < rejections(400, 250, Lags("fixed", 1)) < 0.10


@pytest.mark.slow
def test_five_percent_of_null_pairs_are_called_cointegrated() -> None:
    assert 0.035 <= rejections(2_000, 500, Lags()) <= 0.065
