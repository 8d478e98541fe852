from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.stattools import adfuller

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.mackinnon import Trend, pvalue
from analytics.core.stationarity.unit_root import adf
from tests.core.pairs import walks
from tests.core.shared_data import log_closes, needs_shared

REFERENCE: dict[str, dict[str, Any]] = {
    "bic": {"autolag": "bic"},
    "aic": {"autolag": "aic"},
    "3": {"autolag": None, "maxlag": 3},
}


@pytest.mark.parametrize("lags", REFERENCE)
@pytest.mark.parametrize("trend", ["n", "c", "ct"])
@pytest.mark.parametrize(("n", "seed"), [(60, 1), (150, 2), (1_000, 3)])
def test_equals_statsmodels(lags: str, trend: Trend, n: int, seed: int) -> None:
    walk, other = walks(n, seed)
    for series in (walk, np.convolve(np.diff(other), [1.0, 0.6, 0.3])):
        t, p, lag, rows, critical, *_ = adfuller(series, regression=trend, result_object=False, **REFERENCE[lags])
        ours = adf(series, Lags.parse(lags), trend)
        assert (ours.lags, ours.n) == (lag, rows)
        assert ours.statistic == pytest.approx(t, abs=1e-8)
        assert ours.pvalue == pytest.approx(p, abs=1e-8)
        assert ours.critical == pytest.approx(critical, abs=1e-12)


@needs_shared
@pytest.mark.parametrize("lags", REFERENCE)
def test_equals_statsmodels_on_real_bars(lags: str) -> None:
    for leg in list(log_closes(bars=600).values())[::4]:
        for series in (leg, np.diff(leg)):
            t, p, lag, rows, *_ = adfuller(series, regression="c", result_object=False, **REFERENCE[lags])
            ours = adf(series, Lags.parse(lags))
            assert (ours.lags, ours.n) == (lag, rows)
            assert [ours.statistic, ours.pvalue] == pytest.approx([t, p], abs=1e-8)


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_unit_and_level_do_not_matter_with_a_constant(scale: float, shift: float, seed: int) -> None:
    series = walks(200, seed)[0]
    plain, moved = adf(series, Lags()), adf(series * scale + shift, Lags())
    assert moved.lags == plain.lags
    assert moved.statistic == pytest.approx(plain.statistic, abs=1e-5)


def test_a_constant_series_is_unknown() -> None:
    test = adf(np.full(200, 4.2), Lags())
    assert np.isnan([test.statistic, test.pvalue]).all()
    assert "does not move" in test.reason


def test_a_straight_line_is_unknown() -> None:
    assert adf(np.arange(200.0), Lags()).reason


@pytest.mark.parametrize("statistic", [-25.0, -5.0, -2.62, -2.6, -1.0, 0.5, 0.93])
def test_p_of_two_series_is_statsmodels(statistic: float) -> None:
    from statsmodels.tsa.adfvalues import mackinnonp

    assert pvalue(statistic, "c", series=2) == pytest.approx(mackinnonp(statistic, "c", N=2), abs=1e-15)


@pytest.mark.parametrize("text", ["", "hqic", "-1", "1.5"])
def test_unknown_lags_are_refused_with_the_words_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="use bic, aic or a number"):
        Lags.parse(text)


def test_too_many_lags_are_refused_with_the_most_allowed() -> None:
    with pytest.raises(ValueError, match="80 lags are too many for 100 bars: at most 48"):
        adf(walks(100, 1)[0], Lags.parse("80"))


@pytest.mark.parametrize("lags", [Lags(), Lags("aic"), Lags("fixed", 7)])
def test_lags_are_read_as_they_are_written(lags: Lags) -> None:
    assert Lags.parse(str(lags)) == lags
