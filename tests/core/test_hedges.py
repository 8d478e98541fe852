import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import theilslopes

from analytics.core.hedges import FitError, fit, methods, register
from analytics.core.hedges.huber import huber_regression
from analytics.core.hedges.theil_sen import slope_interval
from market.core.types import F64
from tests.core.pairs import cointegrated_logs
from tests.core.shared_data import log_closes, needs_shared

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


def test_huber_of_several_regressors_equals_statsmodels() -> None:
    random = np.random.default_rng(5)
    X = random.normal(size=(300, 3)) * [1.0, 10.0, 0.1] + [0.0, 50.0, -2.0]
    y = 3.0 + X @ [0.5, -0.2, 4.0] + random.standard_t(2, 300)
    reference = sm.RLM(y, sm.add_constant(X), M=sm.robust.norms.HuberT(1.345)).fit(maxiter=500, tol=1e-14)
    found = huber_regression(y, X)
    np.testing.assert_allclose([found.intercept, *found.coefficients], reference.params, rtol=1e-9)
    assert found.scale == pytest.approx(reference.scale, rel=1e-9)
    assert found.n == 300


@needs_shared
def test_robust_lines_of_real_bars_equal_their_references() -> None:
    legs = log_closes(bars=600)
    names = sorted(legs)
    for y, x in ((legs[a], legs[b]) for a, b in zip(names[:6], names[6:12], strict=True)):
        # the exogenous column is centred: statsmodels' own error is 1e-7 otherwise
        exogenous = sm.add_constant(x - x.mean())
        reference = sm.RLM(y, exogenous, M=sm.robust.norms.HuberT(1.345)).fit(maxiter=500, tol=1e-15)
        assert fit("huber", y, x).line.ratio == pytest.approx(reference.params[1], rel=1e-9)
        assert fit("theil-sen", y, x).line.ratio == pytest.approx(theilslopes(y, x).slope, rel=1e-9)


@pytest.mark.parametrize(
    ("X", "reason"),
    [
        (np.column_stack([LEGS[1], np.full(500, 2.0)]), "a regressor does not move"),
        (np.column_stack([LEGS[1], 3.0 * LEGS[1] - 1.0]), "a regressor is explained by the others"),
    ],
)
def test_huber_refuses_regressors_that_say_nothing_new(X: F64, reason: str) -> None:
    with pytest.raises(FitError, match=reason):
        huber_regression(LEGS[0], X)


@pytest.mark.parametrize("confidence", [0.90, 0.95])
def test_the_interval_of_the_median_slope_equals_scipy(confidence: float) -> None:
    y, x = (np.round(leg, 3) for leg in LEGS)
    reference = theilslopes(y, x, alpha=confidence)
    assert slope_interval(y, x, confidence) == pytest.approx((reference.low_slope, reference.high_slope), rel=1e-12)


def test_ties_narrow_the_interval_as_scipy_has_it() -> None:
    for seed in range(20):
        y, x = (np.random.default_rng(seed).integers(0, 4, (2, 30)) + np.arange(30) // 6).astype(np.float64)
        reference = theilslopes(y, x)
        assert slope_interval(y, x) == pytest.approx((reference.low_slope, reference.high_slope), rel=1e-12)


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
