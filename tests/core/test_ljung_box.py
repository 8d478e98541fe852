import numpy as np
import pytest
from statsmodels.stats.diagnostic import acorr_ljungbox

from analytics.core.stationarity.ljung_box import ljung_box
from market.core.types import F64
from tests.core.pairs import walks


@pytest.mark.parametrize(("lags", "fitted"), [(1, 0), (10, 0), (10, 2)])
def test_equals_statsmodels(lags: int, fitted: int) -> None:
    noise = np.random.default_rng(1).normal(size=300)
    for series in (noise, noise[1:] + 0.3 * noise[:-1]):
        reference = acorr_ljungbox(series, lags=[lags], model_df=fitted)
        ours = ljung_box(series, lags, fitted=fitted)
        assert ours.q == pytest.approx(reference["lb_stat"].iloc[0], rel=1e-9)
        assert ours.pvalue == pytest.approx(reference["lb_pvalue"].iloc[0], rel=1e-9)


def test_five_percent_of_noise_seem_to_remember() -> None:
    noise = np.random.default_rng(3).normal(size=(1_000, 500))
    assert np.mean([ljung_box(row).pvalue < 0.05 for row in noise]) == pytest.approx(0.05, abs=0.02)


def test_unit_and_level_do_not_matter() -> None:
    series = walks(300, 1)[0]
    assert ljung_box(1_000.0 * series - 7.0).q == pytest.approx(ljung_box(series).q, rel=1e-9)


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (np.full(200, 0.1), "the series does not move"),
        (np.where(np.arange(200) == 3, np.nan, 1.0), "a value is missing or infinite"),
        (np.where(np.arange(200) == 3, np.inf, 1.0), "a value is missing or infinite"),
        (np.ones(1), "1 bars are too few: at least 12"),
    ],
)
def test_what_cannot_be_judged_has_a_reason(series: F64, reason: str) -> None:
    found = ljung_box(series)
    assert np.isnan([found.q, found.pvalue]).all()
    assert found.reason == reason


@pytest.mark.parametrize(("lags", "fitted"), [(0, 0), (2, 2), (3, -1)])
def test_a_degree_of_freedom_is_needed(lags: int, fitted: int) -> None:
    with pytest.raises(ValueError, match="leave no degree of freedom"):
        ljung_box(walks(100, 1)[0], lags, fitted=fitted)
