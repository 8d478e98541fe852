import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kurtosis, skew
from statsmodels.tsa.stattools import acf

from analytics.core.distribution import bars_per_year, distribution
from market.core.types import F64, Timeframe
from tests.core.shared_data import log_closes, needs_shared

RETURNS = np.random.default_rng(1).standard_t(4, 500) * 1e-3


def assert_equals_references(returns: F64) -> None:
    found = distribution(returns, 525_600.0)
    series = pd.Series(returns).dropna()
    assert found.volatility == pytest.approx(series.std(), rel=1e-9)
    assert found.volatility_annual == pytest.approx(series.std() * np.sqrt(525_600.0), rel=1e-9)
    assert [found.skew, found.excess_kurtosis] == pytest.approx([series.skew(), series.kurt()], rel=1e-9)
    assert found.skew == pytest.approx(skew(series, bias=False), rel=1e-9)
    assert found.excess_kurtosis == pytest.approx(kurtosis(series, bias=False), rel=1e-9)
    np.testing.assert_allclose(found.acf, acf(returns, nlags=10, missing="conservative")[1:], atol=1e-12)
    assert found.acf_band == pytest.approx(1.959964 / np.sqrt(len(series)), rel=1e-6)


def test_equals_pandas_scipy_and_statsmodels() -> None:
    assert_equals_references(RETURNS)


@needs_shared
def test_equals_them_on_real_bars() -> None:
    for leg in list(log_closes(bars=1_440).values())[::5]:
        assert_equals_references(np.diff(leg))


def test_missing_returns_are_left_out() -> None:
    returns = RETURNS.copy()
    returns[[5, 100, 101]] = np.nan
    assert_equals_references(returns)
    assert distribution(returns, 1.0).n == 497


def test_a_year_has_365_days() -> None:
    assert bars_per_year(Timeframe.M1) == 525_600
    assert bars_per_year(Timeframe.S1) == 31_536_000
    assert bars_per_year(Timeframe.H1) == 8_760


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-1, 1))
@settings(max_examples=25, deadline=None)
def test_shape_has_no_unit(scale: float, shift: float) -> None:
    plain, moved = distribution(RETURNS, 1.0), distribution(RETURNS * scale + shift, 1.0)
    assert moved.volatility == pytest.approx(plain.volatility * scale, rel=1e-6)
    assert [moved.skew, moved.excess_kurtosis] == pytest.approx([plain.skew, plain.excess_kurtosis], rel=1e-4)


def test_lags_beyond_the_series_are_unknown() -> None:
    found = distribution(RETURNS[:6], 1.0)
    assert np.isfinite(found.acf[:5]).all()
    assert np.isnan(found.acf[5:]).all()


@pytest.mark.parametrize(
    ("returns", "reason"),
    [
        (np.zeros(50), "the series does not move"),
        (np.ones(1), "1 bars are too few: at least 4"),
        (np.full(50, np.nan), "0 bars are too few: at least 4"),
        (np.full(50, np.inf), "0 bars are too few: at least 4"),
    ],
)
def test_what_has_no_distribution_has_a_reason(returns: F64, reason: str) -> None:
    found = distribution(returns, 1.0)
    assert found.reason == reason
    assert np.isnan([found.volatility, found.volatility_annual, found.skew, found.excess_kurtosis, *found.acf]).all()
