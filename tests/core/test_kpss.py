import warnings
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import kpss as reference

from analytics.core.stationarity.kpss import kpss
from market.core.types import F64
from tests.core.pairs import walks
from tests.core.shared_data import agree, column, log_closes, needs_shared

Regression = Literal["c", "ct"]


def assert_equals_statsmodels(series: F64, trend: Regression, lags: int | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InterpolationWarning)
        theirs = reference(series, trend, "auto" if lags is None else lags, result_object=False)
    ours = kpss(series, trend, lags)
    assert ours.statistic == pytest.approx(theirs[0], rel=1e-9)
    assert ours.pvalue == pytest.approx(theirs[1], rel=1e-7)
    assert (ours.lags, ours.critical) == theirs[2:4]


@pytest.mark.parametrize("lags", [None, 0, 5])
@pytest.mark.parametrize("trend", ["c", "ct"])
def test_equals_statsmodels(trend: Regression, lags: int | None) -> None:
    walk = walks(500, 1)[0]
    noise = np.random.default_rng(1).normal(size=500)
    for series in (walk - walk.mean(), noise, noise + 0.03 * walk / walk.std()):
        assert_equals_statsmodels(series, trend, lags)


def test_the_automatic_lags_are_statsmodels() -> None:
    for seed in range(30):
        walk = walks(150 + 40 * seed, seed)[0]
        assert_equals_statsmodels(walk - walk.mean(), "c", None)


@needs_shared
@pytest.mark.parametrize("trend", ["c", "ct"])
def test_equals_statsmodels_on_real_bars(trend: Regression) -> None:
    for leg in list(log_closes(bars=1_000).values())[::4]:
        assert_equals_statsmodels(leg - leg.mean(), trend, None)


@needs_shared
def test_published_level_and_trend() -> None:
    gdp = column("macrodata.csv", "realgdp")
    agree(kpss(gdp, "c", 3).statistic, "macrodata.csv", "kpss_level realgdp lags3")
    agree(kpss(gdp, "ct", 3).statistic, "macrodata.csv", "kpss_trend realgdp lags3")


def test_p_says_when_it_stands_at_the_end_of_the_table() -> None:
    walk, noise = kpss(walks(500, 3)[0]), kpss(np.random.default_rng(2).normal(size=500))
    assert (walk.pvalue, walk.bound) == (0.01, "at most")
    assert (noise.pvalue, noise.bound) == (0.1, "at least")
    inside = next(k for k in (kpss(np.random.default_rng(s).normal(size=200)) for s in range(200)) if k.pvalue < 0.1)
    assert inside.bound == ""


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_unit_and_level_do_not_matter(scale: float, shift: float, seed: int) -> None:
    series = walks(200, seed)[0]
    moved = kpss(series * scale + shift)
    assert moved.statistic == pytest.approx(kpss(series).statistic, rel=1e-6)


@pytest.mark.parametrize(
    ("series", "trend", "reason"),
    [
        (np.full(200, 0.1), "c", "the series does not move"),
        (0.1 * np.arange(200.0), "ct", "the series is a straight line"),
        (np.where(np.arange(200) == 3, np.nan, 1.0), "c", "a value is missing or infinite"),
        (np.where(np.arange(200) == 3, np.inf, 1.0), "c", "a value is missing or infinite"),
        (np.ones(1), "c", "1 bars are too few: at least 10"),
    ],
)
def test_what_cannot_be_judged_has_a_reason(series: F64, trend: Regression, reason: str) -> None:
    found = kpss(series, trend)
    assert np.isnan([found.statistic, found.pvalue]).all()
    assert found.reason == reason


def test_more_lags_than_bars_are_refused() -> None:
    with pytest.raises(ValueError, match="use 0 to 49"):
        kpss(walks(50, 1)[0], lags=50)
