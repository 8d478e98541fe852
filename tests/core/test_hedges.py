import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import theilslopes

from analytics.core.hedges import FitError, fit, methods, register
from tests.core.pairs import cointegrated_logs

LEGS = cointegrated_logs(500, seed=8)


def test_the_default_comes_first_and_every_module_is_found() -> None:
    assert methods() == ["ols", "expanding", "huber", "johansen", "kalman", "theil-sen", "tls"]


def test_ols_equals_statsmodels() -> None:
    y, x = LEGS
    reference = sm.OLS(y, sm.add_constant(x)).fit()
    ours = fit("ols", y, x)
    values = [ours.line.intercept, ours.line.ratio, ours.line.intercept_stderr, ours.line.stderr, ours.r2]
    np.testing.assert_allclose(values, [*reference.params, *reference.bse, reference.rsquared], rtol=1e-9)


def test_tls_is_the_same_line_with_the_legs_swapped() -> None:
    y, x = LEGS
    assert fit("tls", y, x).line.ratio * fit("tls", x, y).line.ratio == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize("stretch", [0.1, 10.0])
def test_tls_is_the_smallest_eigenvector(stretch: float) -> None:
    y, x = LEGS[0] * stretch, LEGS[1]
    vector = np.linalg.eigh(np.cov(y, x))[1][:, 0]
    assert fit("tls", y, x).line.ratio == pytest.approx(-vector[1] / vector[0], rel=1e-9)


def test_huber_equals_statsmodels() -> None:
    y, x = LEGS[0].copy(), LEGS[1]
    y[::25] += 0.05
    reference = sm.RLM(y, sm.add_constant(x), M=sm.robust.norms.HuberT(1.345)).fit(maxiter=500, tol=1e-13)
    line = fit("huber", y, x).line
    np.testing.assert_allclose([line.intercept, line.ratio], reference.params, rtol=1e-6)
    assert abs(line.ratio - 0.7) < abs(fit("ols", y, x).line.ratio - 0.7) + 0.05


def test_theil_sen_equals_scipy() -> None:
    y, x = LEGS
    slope = theilslopes(y, x).slope
    line = fit("theil-sen", y, x).line
    assert [line.ratio, line.intercept] == pytest.approx([slope, np.median(y - slope * x)], rel=1e-12)


def test_theil_sen_takes_every_kth_bar_of_a_long_series() -> None:
    y, x = cointegrated_logs(4_500, seed=8)
    assert fit("theil-sen", y, x).line == fit("theil-sen", y[::3], x[::3]).line


def test_johansen_finds_the_true_ratio() -> None:
    y, x = cointegrated_logs(3_000, seed=8, half_life=5.0)
    assert fit("johansen", y, x).line.ratio == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize("method", ["ols", "tls", "huber", "theil-sen", "johansen"])
def test_the_unit_of_a_price_moves_the_intercept_only(method: str) -> None:
    y, x = LEGS
    plain, moved = fit(method, y, x).line, fit(method, y + np.log(1000.0), x).line
    assert moved.ratio == pytest.approx(plain.ratio, rel=1e-8)
    assert moved.intercept - plain.intercept == pytest.approx(np.log(1000.0), rel=1e-8)


@pytest.mark.parametrize("method", ["ols", "tls", "huber", "theil-sen", "johansen"])
def test_a_flat_hedge_leg_has_no_line(method: str) -> None:
    hedge = fit(method, LEGS[0], np.full(500, 3.0))
    assert hedge.reason == "the hedge leg did not move"
    assert np.isnan(hedge.line.ratio)


def test_a_failed_fit_is_a_reason() -> None:
    alternating = np.tile([0.0, 0.0, 1.0, 1.0], 50), np.tile([0.0, 1.0, 0.0, 1.0], 50)
    assert fit("tls", *alternating).reason.startswith("the legs are uncorrelated")
    exact = np.arange(200.0)
    assert fit("huber", exact, exact).reason.startswith("half of the residuals are zero")


def test_two_methods_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="'ols'"):
        register("ols", "twice")(lambda y, x: fit("ols", y, x).line)


def test_fit_errors_are_livepairs_errors() -> None:
    from market.errors import LivepairsError

    assert issubclass(FitError, LivepairsError)
