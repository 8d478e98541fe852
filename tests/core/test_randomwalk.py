import numpy as np
import pytest
from arch.unitroot import VarianceRatio as Reference

from analytics.core.reversion.random_walk import HORIZONS, hurst, variance_ratio
from market.core.types import F64
from tests.core.pairs import walks
from tests.core.shared_data import log_closes, needs_shared


def naive_variance_ratio(series: F64, q: int) -> tuple[float, float]:
    """Lo and MacKinlay (1988), equations 12 to 14 and 18 to 19, in their words."""
    n = len(series) - 1
    mu = (series[-1] - series[0]) / n
    one = sum((series[t] - series[t - 1] - mu) ** 2 for t in range(1, n + 1)) / (n - 1)
    m = q * (n - q + 1) * (1 - q / n)
    long = sum((series[t] - series[t - q] - q * mu) ** 2 for t in range(q, n + 1)) / m
    squares = [(series[t] - series[t - 1] - mu) ** 2 for t in range(1, n + 1)]
    theta = 0.0
    for j in range(1, q):
        delta = n * sum(squares[t] * squares[t - j] for t in range(j, n)) / sum(squares) ** 2
        theta += (2 * (q - j) / q) ** 2 * delta
    return long / one, np.sqrt(n) * (long / one - 1) / np.sqrt(theta)


@pytest.mark.parametrize("q", [2, 5, 30])
def test_equals_the_naive_twin(q: int) -> None:
    series = walks(200, 3)[0]
    ours = variance_ratio(series, q)
    np.testing.assert_allclose([ours.ratio, ours.z], naive_variance_ratio(series, q), rtol=1e-9)


@needs_shared
@pytest.mark.parametrize("q", HORIZONS)
def test_equals_arch_on_real_bars(q: int) -> None:
    for series in list(log_closes(bars=1_440).values())[::5]:
        reference = Reference(series, lags=q, trend="c", debiased=True, robust=True, overlap=True)
        ours = variance_ratio(series, q)
        assert [ours.ratio, ours.z] == pytest.approx([reference.vr, reference.stat], rel=1e-9)


def test_z_of_walks_is_standard_normal() -> None:
    z = [variance_ratio(walks(500, seed)[0], 5).z for seed in range(300)]
    assert abs(np.mean(z)) < 0.2
    assert np.std(z) == pytest.approx(1.0, abs=0.15)


UNUSABLE = [
    (np.full(200, 0.1), "the series does not move"),
    (0.1 * np.arange(200.0), "all changes are equal"),
    (np.where(np.arange(200) == 3, np.nan, walks(200, 1)[0]), "a value is missing or infinite"),
    (np.where(np.arange(200) == 3, np.inf, walks(200, 1)[0]), "a value is missing or infinite"),
]


@pytest.mark.parametrize(("series", "reason"), [*UNUSABLE, (np.array([1.0]), "1 bars are too few: at least 11")])
def test_what_has_no_ratio_has_a_reason(series: F64, reason: str) -> None:
    found = variance_ratio(series, 5)
    assert np.isnan([found.ratio, found.z]).all()
    assert found.reason == reason


@pytest.mark.parametrize(("series", "reason"), [*UNUSABLE, (np.array([1.0]), "1 bars are too few: at least 40")])
def test_what_has_no_exponent_has_a_reason(series: F64, reason: str) -> None:
    found = hurst(series)
    assert np.isnan([found.value, *found.band]).all()
    assert found.reason == reason


def test_a_horizon_longer_than_half_the_series_is_unknown() -> None:
    assert variance_ratio(walks(50, 1)[0], 30).reason == "50 bars are too few: at least 61"


def test_a_series_that_moves_twice_has_no_standard_error() -> None:
    series = np.repeat([0.0, 1.0, 0.0], 21)
    assert variance_ratio(series, 2).reason == "too few bars moved for a standard error"


def test_hurst_is_the_slope_of_the_definition() -> None:
    series = walks(400, 2)[0]
    lags = np.arange(2, 21)
    slope = np.polyfit(np.log(lags), [np.log(np.std(series[lag:] - series[:-lag])) for lag in lags], 1)[0]
    assert hurst(series, simulations=20).value == pytest.approx(slope, rel=1e-9)


def test_nine_walks_in_ten_lie_in_the_band() -> None:
    found = [hurst(walks(300, seed)[0]) for seed in range(300)]
    assert np.mean([one.band[0] <= one.value <= one.band[1] for one in found]) == pytest.approx(0.9, abs=0.05)


def test_unit_and_level_do_not_matter() -> None:
    series = walks(300, 1)[0]
    moved = 1_000.0 * series + 5.0
    assert hurst(moved).value == pytest.approx(hurst(series).value, rel=1e-9)
    assert variance_ratio(moved, 5).z == pytest.approx(variance_ratio(series, 5).z, rel=1e-9)
