import numpy as np
import pytest

from analytics.core.hedges import Line, fit
from analytics.core.spreads import DEFAULT, MODES, log_ratio, log_residual, ratio, raw_residual, spread_bps
from market.core.types import F64
from tests.core.pairs import cointegrated

Y, X = cointegrated(400, 3)
LINE = Line(0.7, 1.0)


def test_the_modes_and_their_units() -> None:
    assert {name: mode.unit for name, mode in MODES.items()} == {
        "log-residual": "log",
        "log-ratio": "log",
        "raw-residual": "price of y",
        "ratio": "x per y",
    }
    assert next(iter(MODES)) == DEFAULT


def test_a_residual_is_that_of_the_fit() -> None:
    logs = fit("ols", np.log(Y), np.log(X))
    np.testing.assert_allclose(log_residual(Y, X, logs.line), logs.spread(np.log(Y), np.log(X)), atol=1e-13)
    raw = fit("ols", Y, X)
    np.testing.assert_allclose(raw_residual(Y, X, raw.line), raw.spread(Y, X), atol=1e-9)


def test_ratios_need_no_line() -> None:
    nothing = Line(np.nan, np.nan)
    np.testing.assert_allclose(np.exp(log_ratio(Y, X, nothing)), ratio(Y, X, nothing), rtol=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_a_price_that_has_no_value_gives_none(mode: str) -> None:
    y, x = np.array([1.0, np.nan, 1.0, np.inf]), np.array([2.0, 2.0, np.nan, np.inf])
    spread = MODES[mode].of(y, x, LINE)
    assert np.isnan(spread).tolist() == [False, True, True, True]
    assert np.isnan(spread_bps(mode, spread, y, x, LINE)).tolist() == [False, True, True, True]


def test_prices_that_are_not_positive_have_no_logs() -> None:
    y, x = np.array([1.0, -1.0, 1.0]), np.array([1.0, 1.0, 0.0])
    for mode in ("log-residual", "log-ratio", "ratio"):
        assert np.isnan(MODES[mode].of(y, x, LINE))[2]
    assert np.isnan(log_residual(y, x, LINE)).tolist() == [False, True, True]


def gain(held: tuple[float, float], y: tuple[float, float], x: float) -> float:
    """Basis points of the gross notional at first prices that a short of `held` units gains when y moves."""
    return 1e4 * held[0] * (y[0] - y[1]) / (abs(held[0] * y[0]) + abs(held[1] * x))


@pytest.mark.parametrize("b", [0.7, -0.4])
def test_in_raw_space_it_is_what_a_short_of_the_spread_gains(b: float) -> None:
    y, x, deviation = 105.0, 40.0, 5.0
    found = spread_bps("raw-residual", np.array([deviation]), np.array([y]), np.array([x]), Line(b, 1.0))
    assert found[0] == pytest.approx(gain((1.0, b), (y, y - deviation), x), rel=1e-12)


def test_of_a_ratio_it_is_what_a_short_of_the_spread_gains() -> None:
    y, x, deviation = 105.0, 40.0, 0.1
    equilibrium = y / x - deviation
    found = spread_bps("ratio", np.array([deviation]), np.array([y]), np.array([x]), Line(np.nan, np.nan))
    assert found[0] == pytest.approx(gain((1.0, equilibrium), (y, equilibrium * x), x), rel=1e-12)


@pytest.mark.parametrize(("mode", "b"), [("log-residual", 0.7), ("log-residual", -0.4), ("log-ratio", 1.0)])
def test_in_log_space_it_is_that_to_first_order(mode: str, b: float) -> None:
    y, x, deviation = 105.0, 40.0, 1e-4
    found = spread_bps(mode, np.array([deviation]), np.array([y]), np.array([x]), Line(b, 1.0))
    # notional 1 of y against notional b of x
    assert found[0] == pytest.approx(gain((1.0 / y, b / x), (y, y * np.exp(-deviation)), x), rel=1e-3)


def bps(mode: str, y: F64, x: F64) -> F64:
    """Of the deviation from the mean, line fitted in the mode's own space."""
    line = fit("ols", *(np.log([y, x]) if mode.startswith("log") else (y, x))).line
    spread = MODES[mode].of(y, x, line)
    return spread_bps(mode, spread - spread.mean(), y, x, line)


@pytest.mark.parametrize("mode", MODES)
def test_basis_points_do_not_depend_on_the_unit_of_a_price(mode: str) -> None:
    np.testing.assert_allclose(bps(mode, 1_000.0 * Y, X), bps(mode, Y, X), atol=1e-6)


def test_an_unknown_deviation_has_no_basis_points() -> None:
    assert np.isnan(spread_bps("raw-residual", np.array([np.nan]), np.array([1.0]), np.array([1.0]), LINE)).all()
    assert np.isnan(spread_bps("raw-residual", np.array([1.0]), np.array([0.0]), np.array([0.0]), LINE)).all()
