"""The start of the Kalman filter: the right noise, in any unit of price, and a reason where there is none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from analytics.core.kalman import KalmanPath, kalman_filter, start
from analytics.core.kalman.likelihood import negative_log_likelihood, noise_ratios
from market.core.types import F64
from tests.core.pairs import cointegrated, cointegrated_logs, walks

PAIRS = 20
WARM_UP = 1_440


def scored(y: F64, x: F64, warm_up: int) -> KalmanPath:
    """Path of the bars after the warm-up."""
    begun = start(y[:warm_up], x[:warm_up])
    assert not begun.reason
    rest = slice(warm_up, len(y))
    return kalman_filter(y[rest], x[rest], np.zeros(len(y) - warm_up, np.bool_), begun.state)


@pytest.mark.parametrize("half_life", [5.0, 20.0, 60.0, 200.0])
def test_scores_have_the_size_they_claim(half_life: float) -> None:
    """D6: the mean over pairs of the innovations' deviation; one common q gives 0.61 to 0.29 here."""
    pairs = [cointegrated_logs(WARM_UP + 2_000, seed, half_life=half_life) for seed in range(PAIRS)]
    deviations = [scored(y, x, WARM_UP).score.std() for y, x in pairs]
    assert 0.8 <= np.mean(deviations) <= 1.25


def units(prices: F64) -> list[F64]:
    return [1000.0 * prices, prices / 1000.0]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("half_life", [5.0, 200.0])
def test_the_unit_of_a_price_changes_no_score_of_raw_prices(seed: int, half_life: float) -> None:
    y, x = cointegrated(900, seed, half_life=half_life)
    plain = scored(y, x, 500)
    for moved in units(y):
        path = scored(moved, x, 500)
        np.testing.assert_allclose(path.score, plain.score, rtol=0, atol=1e-6)
        np.testing.assert_allclose(path.ratio, plain.ratio * (moved[0] / y[0]), rtol=1e-6)
        np.testing.assert_allclose(path.std, plain.std * (moved[0] / y[0]), rtol=1e-6)
    for moved in units(x):
        path = scored(y, moved, 500)
        np.testing.assert_allclose(path.score, plain.score, rtol=0, atol=1e-6)
        np.testing.assert_allclose(path.ratio, plain.ratio / (moved[0] / x[0]), rtol=1e-6)
        np.testing.assert_allclose(path.intercept, plain.intercept, rtol=1e-6)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("half_life", [5.0, 200.0])
def test_the_unit_of_a_price_changes_no_score_of_log_prices(seed: int, half_life: float) -> None:
    y, x = cointegrated(900, seed, half_life=half_life)
    plain = scored(np.log(y), np.log(x), 500)
    for legs in [(moved, x) for moved in units(y)] + [(y, moved) for moved in units(x)]:
        path = scored(np.log(legs[0]), np.log(legs[1]), 500)
        np.testing.assert_allclose(path.score, plain.score, rtol=0, atol=1e-6)
        np.testing.assert_allclose(path.ratio, plain.ratio, rtol=1e-6)


def test_the_same_warm_up_gives_the_same_bits() -> None:
    y, x = cointegrated_logs(400, seed=1)
    assert start(y, x).state.tobytes() == start(y.copy(), x[::1]).state.tobytes()


def test_the_likelihood_is_that_of_statsmodels() -> None:
    v, u = walks(200, seed=3)
    v, u = (v - v.mean()) / v.std(), (u - u.mean()) / u.std()
    q_a, q_b = 0.3, 1e-3
    loss, r = negative_log_likelihood(v, u, q_a, q_b)
    reference = KalmanFilter(k_endog=1, k_states=2)
    reference.bind(v)
    reference["design"] = np.array([[np.ones(len(u)), u]])
    reference["transition"] = reference["selection"] = np.eye(2)
    reference["state_cov"] = np.diag([q_a * r, q_b * r])
    reference["obs_cov"] = np.array([[r]])
    reference.initialize_known(np.zeros(2), np.diag([r / 200 + q_a * r, r / 200 + q_b * r]))
    assert -loss - 100.0 * (1.0 + np.log(2.0 * np.pi)) == pytest.approx(reference.loglike(), rel=1e-12)


def drifting(n: int, seed: int, noise: tuple[float, float, float]) -> tuple[F64, F64]:
    """(y, x) of the very model: `noise` are R, q_a and q_b."""
    random = np.random.default_rng(seed)
    r, q_a, q_b = noise
    x = random.normal(0.0, 1.0, n)
    a, b = np.cumsum(random.normal(0.0, np.sqrt(q_a), n)), 0.7 + np.cumsum(random.normal(0.0, np.sqrt(q_b), n))
    return a + b * x + random.normal(0.0, np.sqrt(r), n), x


def test_the_noise_of_the_model_is_found() -> None:
    truth = (1.0, 0.05, 0.002)
    found = np.mean([np.log(start(*drifting(2_000, seed, truth)).state[5:8]) for seed in range(10)], axis=0)
    np.testing.assert_allclose(found, np.log(truth), atol=0.3)


@pytest.mark.parametrize("seed", [0, 3, 7])
@pytest.mark.parametrize("half_life", [5.0, 60.0])
def test_nothing_on_a_fine_grid_is_likelier(seed: int, half_life: float) -> None:
    y, x = cointegrated_logs(300, seed, half_life=half_life)
    u, v = (x - x.mean()) / x.std(), y - np.polyval(np.polyfit(x - x.mean(), y, 1), x - x.mean())
    v /= v.std()
    _, q_a, q_b = noise_ratios(v, u)
    powers = 10.0 ** np.arange(-12.0, 6.0, 0.4)
    best = min(negative_log_likelihood(v, u, a, b * (1.0 + a))[0] for a in powers for b in powers)
    assert negative_log_likelihood(v, u, q_a, q_b)[0] <= best + 1e-6


N = 400
STEADY = np.full(N, 3.0)
Y, X = cointegrated_logs(N, seed=1)


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        (Y[:1], X[:1], "warming up 1 of 120"),
        (Y[:119], X[:119], "warming up 119 of 120"),
        (Y, STEADY, "the hedge leg did not move"),
        (STEADY, X, "the spread did not move"),
        (X, X, "the spread did not move"),
        (3.0 - 2.0 * X, X, "the spread did not move"),
        (np.append(Y[1:], np.nan), X, "a price of the warm-up is missing or infinite"),
        (Y, np.append(X[1:], np.inf), "a price of the warm-up is missing or infinite"),
        (Y * 1e300, X, "the prices are too large to square"),
    ],
    ids=["one bar", "short", "constant x", "constant y", "same leg", "collinear", "a hole", "infinity", "huge"],
)
def test_what_has_no_line_has_a_reason(y: F64, x: F64, reason: str) -> None:
    begun = start(y, x)
    assert begun.reason == reason
    assert begun.n == len(y)
    assert np.isnan(begun.state).all()


def test_a_short_window_is_warm_when_it_is_full() -> None:
    assert start(Y[:60], X[:60], window=60).reason == ""
    assert start(Y[:59], X[:59], window=60).reason == "warming up 59 of 60"
    assert start(Y[:9], X[:9], window=2).reason == "warming up 9 of 10"


def test_legs_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="400 and 399 bars"):
        start(Y, X[1:])


def odd_prices(random: np.random.Generator, kind: str) -> F64:
    if kind == "coins":
        return random.integers(0, 2, (2, 150)).astype(np.float64)
    if kind == "one jump":
        return np.where(np.arange(150) < random.integers(1, 149, 2)[:, None], 3.0, 4.0)
    if kind == "steps":
        return np.round(random.normal(0.0, 1.0, (2, 150)).cumsum(axis=1))
    if kind == "heavy tails":
        return random.standard_cauchy((2, 150)) ** 3
    return random.normal(0.0, 1e-150, (2, 150))


@given(
    seed=st.integers(0, 2**32 - 1),
    kind=st.sampled_from(["coins", "one jump", "steps", "heavy tails", "tiny"]),
)
@settings(max_examples=30, deadline=None)
def test_odd_prices_give_a_state_or_a_reason(seed: int, kind: str) -> None:
    y, x = odd_prices(np.random.default_rng(seed), kind)
    begun = start(y, x)
    assert np.isfinite(begun.state).all() != bool(begun.reason)
    if not begun.reason:
        assert begun.state[2] > 0.0
        assert begun.state[4] > 0.0
