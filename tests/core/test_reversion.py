import numpy as np
import pytest
from statsmodels.api import OLS, add_constant

from analytics.core.reversion.half_life import ar1, half_life
from market.core.types import F64
from tests.core.pairs import walks


def reverting(n: int, true: float, seed: int) -> F64:
    phi = 0.5 ** (1.0 / true)
    noise = np.random.default_rng(seed).normal(size=n)
    series = np.zeros(n)
    for t in range(1, n):
        series[t] = phi * series[t - 1] + noise[t]
    return series


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


def test_the_correction_takes_the_bias_off() -> None:
    found = [half_life(reverting(500, 50.0, seed), simulations=200) for seed in range(120)]
    # NaN is a phi of 1 or more: "never"
    raw = float(np.median(np.nan_to_num([one.bars for one in found], nan=np.inf)))
    corrected = float(np.median(np.nan_to_num([one.bars_corrected for one in found], nan=np.inf)))
    assert raw < 40 < corrected < 65


def test_the_interval_holds_the_truth_nine_times_in_ten() -> None:
    held = []
    for seed in range(200):
        found = half_life(reverting(500, 10.0, seed), simulations=200)
        held.append(found.low <= 10.0 <= (np.inf if np.isnan(found.high) else found.high))
    assert 0.83 <= np.mean(held) <= 0.96


def test_the_same_spread_has_the_same_interval() -> None:
    series = reverting(300, 10.0, 1)
    assert half_life(series) == half_life(series)


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (np.full(200, 1.0), "the spread does not move"),
        (1.02 ** np.arange(200.0), "it does not revert"),
        (np.tile([1.0, -1.0], 100), "it forgets within one bar"),
    ],
)
def test_no_half_life_has_a_reason(series: F64, reason: str) -> None:
    found = half_life(series)
    assert np.isnan([found.bars, found.low, found.high, found.bars_corrected]).all()
    assert found.reason.endswith(reason)


def test_a_walk_has_no_upper_bound() -> None:
    found = half_life(walks(400, 7)[0])
    assert np.isnan(found.high)
    assert found.interval_reason == "unbounded"


def test_phi_does_not_depend_on_unit_and_level() -> None:
    series = reverting(300, 10.0, 1)
    assert ar1(series * 7.0 + 3.0) == pytest.approx(ar1(series), rel=1e-12)
