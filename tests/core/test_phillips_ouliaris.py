from itertools import combinations

import numpy as np
import pytest
from arch.unitroot.cointegration import phillips_ouliaris as reference
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.core.cointegration.engle_granger import SAME_ASSET, residual_test
from analytics.core.cointegration.phillips_ouliaris import P_Z_CRITICAL, phillips_ouliaris
from analytics.core.stationarity.lags import Lags
from analytics.core.usable import REPEATS
from market.core.types import F64
from tests.core.pairs import cointegrated_logs, walks
from tests.core.shared_data import log_closes, needs_shared


def assert_equals_arch(y: F64, x: F64, bandwidth: int) -> None:
    ours = phillips_ouliaris(y, x, bandwidth)
    z_t = reference(y, x, trend="c", test_type="Zt", kernel="bartlett", bandwidth=bandwidth).stat
    p_z = reference(y, x, trend="c", test_type="Pz", kernel="bartlett", bandwidth=bandwidth).stat
    assert [ours.z_t, ours.p_z] == pytest.approx([z_t, p_z], rel=1e-9)


@pytest.mark.parametrize("bandwidth", [0, 3, 20])
def test_equals_arch(bandwidth: int) -> None:
    assert_equals_arch(*walks(400, 3), bandwidth)
    assert_equals_arch(*cointegrated_logs(400, 3), bandwidth)


@needs_shared
def test_equals_arch_on_real_bars() -> None:
    legs = log_closes(bars=600)
    for y, x in list(combinations(sorted(legs), 2))[::8]:
        assert_equals_arch(legs[y], legs[x], 6)


def test_the_values_of_the_table() -> None:
    """R, urca 1.3-4, ca.po(type="Pz", demean="constant"): 10, 5, 1 %."""
    assert P_Z_CRITICAL == {"10%": 47.5877, "5%": 55.2202, "1%": 71.9273}


def test_the_bandwidth_grows_with_the_bars() -> None:
    assert [phillips_ouliaris(*walks(n, 1)).bandwidth for n in (100, 1_000, 3_600)] == [4, 7, 9]


def test_p_and_critical_values_are_those_of_engle_granger() -> None:
    y, x = walks(300, 1)
    ours, other = phillips_ouliaris(y, x), residual_test(y, x, Lags())
    assert ours.critical == other.critical
    assert ours.pvalue > 0.05 < other.pvalue


def test_a_cointegrated_pair_is_found() -> None:
    found = phillips_ouliaris(*cointegrated_logs(1_000, 2, half_life=5.0))
    assert found.z_t < found.critical["1%"]
    assert found.pvalue < 0.001
    assert found.p_z > found.p_z_critical["1%"]


@given(scale=st.floats(1e-3, 1e3), shift=st.floats(-100, 100), seed=st.integers(0, 1_000))
@settings(max_examples=30, deadline=None)
def test_p_z_knows_neither_unit_nor_order(scale: float, shift: float, seed: int) -> None:
    y, x = walks(200, seed)
    plain, moved, swapped = (phillips_ouliaris(*legs) for legs in ((y, x), (y * scale + shift, x), (x, y)))
    assert [moved.p_z, swapped.p_z] == pytest.approx([plain.p_z] * 2, rel=1e-6)
    assert moved.z_t == pytest.approx(plain.z_t, rel=1e-5)
    assert swapped.z_t != plain.z_t


Y, X = walks(200, 4)


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        (Y, Y, SAME_ASSET),
        (3.0 * X + 1e-7 * Y, X, SAME_ASSET),
        (Y, np.full(200, 0.1), "a leg does not move"),
        (Y, 0.1 * np.arange(200), "all changes of a leg are equal"),
        (np.tile([1.0, 2.0], 100), np.tile([1.0, 1.0, 2.0, 2.0], 50), REPEATS),
        (np.where(np.arange(200) == 3, np.nan, Y), X, "a value is missing or infinite"),
        (Y, np.where(np.arange(200) == 3, -np.inf, X), "a value is missing or infinite"),
        (Y[:1], X[:1], "1 bars are too few: at least 10"),
        (Y, np.where(np.arange(200) == 199, 1.0, 0.0), "a leg does not move"),
    ],
    ids=["identical", "collinear", "flat", "straight", "alternating", "missing", "infinite", "one bar", "moves once"],
)
def test_what_cannot_be_judged_has_a_reason(y: F64, x: F64, reason: str) -> None:
    found = phillips_ouliaris(y, x)
    assert found.reason.startswith(reason)
    assert np.isnan([found.z_t, found.pvalue, found.p_z]).all()


@pytest.mark.parametrize("bandwidth", [-1, 199])
def test_a_bandwidth_that_does_not_fit_is_refused(bandwidth: int) -> None:
    with pytest.raises(ValueError, match="use 0 to 198"):
        phillips_ouliaris(Y, X, bandwidth)
