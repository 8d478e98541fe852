import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.api import OLS, add_constant

from analytics.core.reversion.ar1_quantiles import quantiles
from analytics.core.reversion.half_life import HalfLife, ar1, half_life
from market.core.types import F64
from tests.core.pairs import walks


def reverting(n: int, true: float, seed: int) -> F64:
    """Stationary AR(1) of the half-life `true`."""
    phi = 0.5 ** (1.0 / true)
    noise = np.random.default_rng(seed).normal(size=n)
    series = np.empty(n)
    series[0] = noise[0] / np.sqrt(1.0 - phi * phi)
    for t in range(1, n):
        series[t] = phi * series[t - 1] + noise[t]
    return series


def never_as_infinite(value: float) -> float:
    """NaN is a phi of 1 or more: "never"."""
    return np.inf if np.isnan(value) else value


def test_phi_is_the_regression_of_the_definition() -> None:
    series = reverting(300, 10.0, 1) + 4.0
    reference = OLS(np.diff(series), add_constant(series[:-1])).fit().params[1]
    found = half_life(series, simulations=0)
    assert found.phi == pytest.approx(1.0 + reference, rel=1e-12)
    assert found.bars == pytest.approx(np.log(2.0) / -np.log(1.0 + reference), rel=1e-12)


def test_two_bars_are_two_bars() -> None:
    found = [half_life(reverting(500, 2.0, seed), simulations=0).bars for seed in range(60)]
    # -ln 2 / lambda would say 2.34
    assert np.median(found) == pytest.approx(1.97, abs=0.1)


@pytest.fixture(scope="module")
def fifties() -> list[HalfLife]:
    """Half-lives found in 500 bars where 50 is true."""
    return [half_life(reverting(500, 50.0, seed)) for seed in range(1_500)]


def test_half_of_the_corrected_half_lives_are_too_long(fifties: list[HalfLife]) -> None:
    raw = np.median([never_as_infinite(one.bars) for one in fifties])
    corrected = [never_as_infinite(one.bars_corrected) for one in fifties]
    assert raw == pytest.approx(33.0, abs=2.0)  # D12
    assert np.median(corrected) == pytest.approx(50.0, rel=0.06)
    assert np.mean(np.array(corrected) < 50.0) == pytest.approx(0.5, abs=0.04)


def test_the_interval_holds_the_truth_nine_times_in_ten(fifties: list[HalfLife]) -> None:
    too_short = np.mean([never_as_infinite(one.high) < 50.0 for one in fifties])
    too_long = np.mean([one.low > 50.0 for one in fifties])
    assert 0.03 < too_short < 0.07
    assert 0.03 < too_long < 0.07


@pytest.mark.parametrize(("true", "n"), [(2.0, 500), (20.0, 120), (60.0, 1_440)])
def test_other_half_lives_and_lengths(true: float, n: int) -> None:
    found = [half_life(reverting(n, true, seed)) for seed in range(600)]
    assert 0.86 <= np.mean([one.low <= true <= never_as_infinite(one.high) for one in found]) <= 0.94
    assert np.median([never_as_infinite(one.bars_corrected) for one in found]) == pytest.approx(true, rel=0.1)


def test_the_same_spread_has_the_same_interval() -> None:
    series = reverting(300, 10.0, 1)
    first = half_life(series)
    quantiles(300, 500)
    assert half_life(series) == first


def test_the_table_is_made_once_for_windows_of_nearly_the_same_length() -> None:
    assert quantiles(3_600, 500) is quantiles(3_571, 500)
    assert quantiles(484, 500) is quantiles(482, 500)


def test_a_unit_root_has_the_quantiles_of_dickey_and_fuller() -> None:
    """Fuller (1976), table 8.5.1: n (rho - 1) with constant at n = 500 is -14.0 at 5 % and -0.13 at 95 %."""
    table = quantiles(500, 500)
    assert table.true[0] == 0.0
    assert table.found[0, 0] == pytest.approx(14.0, abs=0.3)
    assert table.found[2, 0] == pytest.approx(0.13, abs=0.03)


@given(estimate=st.floats(0.0, 300.0))
@settings(max_examples=50, deadline=None)
def test_the_interval_holds_the_correction(estimate: float) -> None:
    greatest, middle, least = quantiles(300, 100).invert(estimate)
    assert 0.0 <= least <= middle <= greatest <= 300.0
    assert middle <= estimate


def test_without_simulations_the_half_life_stands_alone() -> None:
    found = half_life(reverting(300, 10.0, 1), simulations=0)
    assert found.bars > 0.0
    assert np.isnan([found.low, found.high, found.bars_corrected]).all()
    assert found.interval_reason == "not simulated"


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (np.full(200, 1.0), "the spread does not move"),
        (1.02 ** np.arange(200.0), "it does not revert"),
        (0.1 * np.arange(200.0), "it does not revert"),
        (np.tile([1.0, -1.0], 100), "it forgets within one bar"),
        (np.array([1.0]), "1 bars are too few: at least 10"),
        (np.where(np.arange(200) == 9, np.nan, walks(200, 1)[0]), "a value is missing or infinite"),
        (np.where(np.arange(200) == 9, np.inf, walks(200, 1)[0]), "a value is missing or infinite"),
    ],
)
def test_no_half_life_has_a_reason(series: F64, reason: str) -> None:
    found = half_life(series)
    assert np.isnan([found.bars, found.low, found.high, found.bars_corrected]).all()
    assert found.reason.endswith(reason)
    assert found.interval_reason == found.reason


def test_a_walk_has_no_upper_bound() -> None:
    found = half_life(walks(400, 7)[0])
    assert np.isnan(found.high)
    assert found.interval_reason == "unbounded"


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_unit_and_level_do_not_matter(scale: float, shift: float, seed: int) -> None:
    series = reverting(300, 10.0, seed)
    assert ar1(series * scale + shift) == pytest.approx(ar1(series), rel=1e-9)
