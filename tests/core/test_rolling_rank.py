import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from analytics.core.dependence.correlation import correlation
from analytics.core.dependence.rolling_rank import rolling_spearman
from market.core.types import F64
from tests.core.pairs import cointegrated_logs


def naive(y: F64, x: F64, window: int) -> F64:
    """scipy in each window of finite values in which both legs move."""
    result = np.full(len(y), np.nan)
    for stop in range(window, len(y) + 1):
        legs = y[stop - window : stop], x[stop - window : stop]
        if all(np.isfinite(leg).all() and np.ptp(leg) > 0.0 for leg in legs):
            result[stop - 1] = spearmanr(*legs).statistic
    return result


@pytest.mark.parametrize("decimals", [0, 1, 12])
def test_equals_scipy_with_ties_and_gaps(decimals: int) -> None:
    random = np.random.default_rng(1)
    y, x = np.round(random.normal(size=(2, 400)) + random.normal(size=400), decimals)
    y[100], x[180], y[250:255] = np.nan, np.inf, np.nan
    np.testing.assert_allclose(rolling_spearman(y, x, 30), naive(y, x, 30), atol=1e-13)


def test_a_window_is_the_correlation_of_its_returns() -> None:
    y, x = (np.diff(leg) for leg in cointegrated_logs(900, 2))
    rolled = rolling_spearman(y, x, 600)
    for t in (599, 700, 898):
        window = slice(t - 599, t + 1)
        assert rolled[t] == pytest.approx(correlation(y[window], x[window]).spearman, abs=1e-13)
    assert np.isnan(rolled[:599]).all()


@given(seed=st.integers(0, 1_000), cut=st.integers(20, 79))
@settings(max_examples=25, deadline=None)
def test_the_future_changes_nothing_and_the_past_is_forgotten(seed: int, cut: int) -> None:
    y, x = np.round(np.random.default_rng(seed).normal(size=(2, 80)), 1)
    whole = rolling_spearman(y, x, 12)
    np.testing.assert_array_equal(rolling_spearman(y[:cut], x[:cut], 12), whole[:cut])
    np.testing.assert_array_equal(rolling_spearman(y[cut - 12 :], x[cut - 12 :], 12)[11:], whole[cut - 1 :])


def test_any_rising_function_of_a_leg_leaves_it() -> None:
    y, x = np.random.default_rng(2).normal(size=(2, 100))
    np.testing.assert_array_equal(rolling_spearman(1_000.0 * np.exp(y), x, 20), rolling_spearman(y, x, 20))
    np.testing.assert_array_equal(rolling_spearman(x, y, 20), rolling_spearman(y, x, 20))


def test_a_leg_of_ties_has_none() -> None:
    assert np.isnan(rolling_spearman(np.zeros(50), np.arange(50.0), 10)).all()


def test_identical_legs_have_one() -> None:
    y = np.round(np.random.default_rng(2).normal(size=50), 1)
    assert (rolling_spearman(y, y, 10)[9:] == 1.0).all()


def test_fewer_returns_than_the_window_have_none() -> None:
    assert np.isnan(rolling_spearman(np.ones(1), np.ones(1), 10)).tolist() == [True]


@pytest.mark.parametrize("window", [2, 1_000_001])
def test_a_window_that_cannot_be_ranked_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="use 3 to"):
        rolling_spearman(np.zeros(10), np.zeros(10), window)
