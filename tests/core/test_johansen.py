from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from statsmodels.tsa.vector_ar.var_model import VAR
from statsmodels.tsa.vector_ar.vecm import coint_johansen

from analytics.core.cointegration.johansen import johansen, var_order
from analytics.core.stationarity.lags import Lags
from market.core.types import F64
from tests.core.pairs import cointegrated, cointegrated_logs, walks


@pytest.mark.parametrize("lag", [0, 1, 4])
def test_equals_statsmodels(lag: int) -> None:
    y, x = cointegrated_logs(500, seed=3)
    reference = coint_johansen(np.column_stack([y, x]), 0, lag)
    ours = johansen(y, x, Lags("fixed", lag))
    np.testing.assert_allclose(ours.trace, reference.trace_stat, rtol=1e-7)
    np.testing.assert_allclose(ours.max_eigen, reference.max_eig_stat, rtol=1e-7)
    np.testing.assert_allclose(ours.eigenvalues, reference.eig, rtol=1e-7)
    assert ours.vector[1] == pytest.approx(reference.evec[1, 0] / reference.evec[0, 0], rel=1e-7)


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_var_is_statsmodels(criterion: str, seed: int) -> None:
    levels = np.log(np.column_stack(cointegrated(300, seed)))
    levels[1:] += 0.5 * np.diff(levels, axis=0)
    assert var_order(levels, Lags.parse(criterion)) == VAR(levels).select_order(trend="c").selected_orders[criterion]


def usual_rank(pair: Callable[[int, int], tuple[F64, F64]]) -> int:
    """The most frequent rank: each single one is wrong in 5 % of cases."""
    return Counter(johansen(*pair(1_000, seed), Lags()).rank for seed in range(20)).most_common(1)[0][0]


def test_ranks() -> None:
    noise = np.random.default_rng(1).normal(size=(2, 1_000))
    assert usual_rank(walks) == 0
    assert usual_rank(cointegrated_logs) == 1
    assert johansen(noise[0], noise[1], Lags()).rank == 2


def test_the_same_asset_is_unknown() -> None:
    y = walks(300, 1)[0]
    assert johansen(y, y, Lags("fixed", 1)).reason


def test_too_many_lags_are_refused() -> None:
    with pytest.raises(ValueError, match="60 lags are too many for 150 bars"):
        johansen(*walks(150, 1), Lags("fixed", 60))
