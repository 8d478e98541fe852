from typing import Any

import numpy as np
import pytest
from arch.unitroot import ZivotAndrews as Arch
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import zivot_andrews as reference

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.zivot_andrews import zivot_andrews
from market.core.types import F64
from tests.core.pairs import walks
from tests.core.shared_data import log_closes, needs_shared

LAGS: dict[str, dict[str, Any]] = {
    "aic": {"autolag": "aic"},
    "bic": {"autolag": "bic"},
    "3": {"autolag": None, "maxlag": 3},
}


def assert_equals_statsmodels(series: F64, lags: str) -> None:
    # statsmodels does not centre the level: 1e-7 apart on log prices, where the mean is 10,000 times a change
    centred = series - series.mean()
    t, p, critical, lag, at = reference(centred, regression="c", **LAGS[lags])
    ours = zivot_andrews(centred, Lags.parse(lags))
    assert ours.statistic == pytest.approx(t, abs=1e-9)
    assert ours.pvalue == pytest.approx(p, abs=1e-9)
    assert ours.critical == critical
    assert (ours.lags, ours.break_at) == (lag, at)
    assert zivot_andrews(series, Lags.parse(lags)).statistic == pytest.approx(t, abs=1e-9)


@pytest.mark.parametrize("lags", LAGS)
@pytest.mark.parametrize("n", [60, 200, 700])
def test_equals_statsmodels(n: int, lags: str) -> None:
    for seed in range(2):
        assert_equals_statsmodels(walks(n, seed)[0], lags)


@needs_shared
def test_equals_statsmodels_on_real_bars() -> None:
    for leg in list(log_closes(bars=500).values())[::6]:
        assert_equals_statsmodels(leg, "aic")


def test_equals_arch() -> None:
    series = walks(200, 5)[0]
    theirs = Arch(series, lags=2, trend="c").stat
    assert zivot_andrews(series, Lags("fixed", 2)).statistic == pytest.approx(theirs, abs=1e-6)


def test_the_step_is_found_where_it_is() -> None:
    series = np.random.default_rng(2).normal(size=400)
    series[250:] += 8.0
    found = zivot_andrews(series, Lags())
    assert found.break_at == 249
    assert found.statistic < found.critical["1%"]


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 1_000))
@settings(max_examples=20, deadline=None)
def test_unit_and_level_do_not_matter(scale: float, shift: float, seed: int) -> None:
    series = walks(200, seed)[0]
    plain, moved = zivot_andrews(series, Lags("fixed", 1)), zivot_andrews(series * scale + shift, Lags("fixed", 1))
    assert moved.statistic == pytest.approx(plain.statistic, abs=1e-5)


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (np.full(200, 0.1), "the series does not move"),
        (0.1 * np.arange(200.0), "all changes are equal"),
        (np.tile([1.0, 2.0], 100), "constant, trend and lags explain the series"),
        (np.where(np.arange(200) == 3, np.nan, 1.0), "a value is missing or infinite"),
        (np.where(np.arange(200) == 3, np.inf, 1.0), "a value is missing or infinite"),
        (np.ones(1), "1 bars are too few: at least 30"),
    ],
)
def test_what_cannot_be_judged_has_a_reason(series: F64, reason: str) -> None:
    found = zivot_andrews(series, Lags())
    assert found.reason.startswith(reason)
    assert np.isnan([found.statistic, found.pvalue]).all()
    assert found.break_at is None


def test_many_lags_of_few_bars_are_judged_where_they_can_be() -> None:
    found = zivot_andrews(walks(40, 2)[0], Lags("fixed", 14))
    assert found.reason == ""
    assert found.break_at is not None
    assert found.break_at > 14
