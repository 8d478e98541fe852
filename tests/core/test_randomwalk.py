import numpy as np
import pytest

from analytics.core.reversion.random_walk import hurst, variance_ratio
from market.core.types import F64
from tests.core.pairs import walks


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


def test_z_of_walks_is_standard_normal() -> None:
    z = [variance_ratio(walks(500, seed)[0], 5).z for seed in range(300)]
    assert abs(np.mean(z)) < 0.2
    assert np.std(z) == pytest.approx(1.0, abs=0.15)


def test_what_does_not_move_has_no_ratio() -> None:
    assert np.isnan(variance_ratio(np.full(200, 2.0), 2).ratio)
    assert np.isnan(hurst(np.full(200, 2.0)).value)


def test_a_horizon_longer_than_half_the_series_is_unknown() -> None:
    assert np.isnan(variance_ratio(walks(50, 1)[0], 30).ratio)


def test_hurst_is_the_slope_of_the_definition() -> None:
    series = walks(400, 2)[0]
    lags = np.arange(2, 21)
    slope = np.polyfit(np.log(lags), [np.log(np.std(series[lag:] - series[:-lag])) for lag in lags], 1)[0]
    assert hurst(series, simulations=20).value == pytest.approx(slope, rel=1e-9)


def test_nine_walks_in_ten_lie_in_the_band() -> None:
    found = [hurst(walks(300, seed)[0]) for seed in range(300)]
    assert np.mean([one.band[0] <= one.value <= one.band[1] for one in found]) == pytest.approx(0.9, abs=0.05)
