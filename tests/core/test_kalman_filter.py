"""The step of the Kalman filter: beside statsmodels and Chan's figures, online beside batch, and over holes."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from analytics.core.kalman import KALMAN_OUT, KalmanPath, kalman_filter, kalman_state, kalman_step
from analytics.core.moments import Mask
from market.core.types import F64
from tests.core.pairs import cointegrated_logs
from tests.core.shared_data import FOLDER, column, entry, log_closes, needs_shared

NUMBERS = ("ratio", "intercept", "innovation", "std", "ratio_stderr", "intercept_stderr")
CHAN = "chan_EWA_EWC_IGE.csv"
DELTA = 1e-4


def a_state(y: F64, x: F64) -> F64:
    """Some start near the line of the data, with noise of their size."""
    scale = float(np.var(np.diff(y)))
    return kalman_state((float(y[0]), 0.7), np.diag([scale, 1e-2]), (scale, 0.1 * scale, 1e-7), float(x.mean()))


def none_missing(y: F64) -> Mask:
    return np.zeros(len(y), np.bool_)


def run(y: F64, x: F64, missing: Mask | None = None) -> KalmanPath:
    return kalman_filter(y, x, none_missing(y) if missing is None else missing, a_state(y, x))


def by_statsmodels(y: F64, x: F64, state: F64) -> dict[str, F64]:
    """The numbers of a path, the line taken from its centre to x = 0."""
    a, b, p_aa, p_ab, p_bb, r, q_a, q_b, centre, _ = state
    reference = KalmanFilter(k_endog=1, k_states=2)
    reference.bind(y)
    reference["design"] = np.array([[np.ones(len(x)), x - centre]])
    reference["transition"] = reference["selection"] = np.eye(2)
    reference["state_cov"] = np.diag([q_a, q_b])
    reference["obs_cov"] = np.array([[r]])
    reference.initialize_known(np.array([a, b]), np.array([[p_aa + q_a, p_ab], [p_ab, p_bb + q_b]]))
    found = reference.filter()
    line, covariance = found.predicted_state[:, :-1], found.predicted_state_cov[:, :, :-1]
    at_zero = np.array([1.0, -centre])
    return {
        "ratio": line[1],
        "intercept": at_zero @ line,
        "innovation": found.forecasts_error[0],
        "std": np.sqrt(found.forecasts_error_cov[0, 0]),
        "ratio_stderr": np.sqrt(covariance[1, 1]),
        "intercept_stderr": np.sqrt(np.einsum("i,ijt,j->t", at_zero, covariance, at_zero)),
    }


def agree_with_statsmodels(y: F64, x: F64, missing: Mask) -> None:
    state = a_state(y, x)
    ours = kalman_filter(y, x, missing, state)
    reference = by_statsmodels(np.where(missing, np.nan, y), x, state)
    for name in NUMBERS:
        rows = ~missing if name in ("innovation", "std") else slice(None)
        np.testing.assert_allclose(
            getattr(ours, name)[rows], reference[name][rows], rtol=1e-12, atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("share", [0.0, 0.1], ids=["whole", "with holes"])
def test_equals_statsmodels_on_simulated_pairs(share: float) -> None:
    y, x = cointegrated_logs(3_000, seed=4)
    agree_with_statsmodels(y, x, np.random.default_rng(4).random(len(y)) < share)


@needs_shared
@pytest.mark.parametrize("legs", [("ETHUSDT", "BTCUSDT"), ("XMRUSDT", "SUIUSDT")])
def test_equals_statsmodels_on_real_bars(legs: tuple[str, str]) -> None:
    closes = log_closes(3_000)
    y, x = closes[legs[0]], closes[legs[1]]
    agree_with_statsmodels(y, x, none_missing(y))


def chan_lines() -> tuple[F64, F64]:
    """Slope and intercept after each of the 1,500 days, by Chan's numbers.

    His first day has no covariance at all, so it teaches nothing; ours adds q before every bar, so it begins a day
    later. What is known after a day is what is predicted for the next one.
    """
    noise = DELTA / (1.0 - DELTA)
    y, x = column(CHAN, "EWC"), column(CHAN, "EWA")
    path = kalman_filter(
        y[1:], x[1:], none_missing(y[1:]), kalman_state((0.0, 0.0), np.zeros((2, 2)), (1e-3, noise, noise), 0.0)
    )
    return np.append(path.ratio, path.state[1]), np.append(path.intercept, path.state[0])


@needs_shared
def test_chan_kalman_hedge_of_ewc_on_ewa() -> None:
    slope, intercept = chan_lines()
    days = pd.to_datetime(pd.read_csv(FOLDER / "published" / CHAN).iloc[:, 0].astype(str))
    by_year = pd.Series(intercept).groupby(days.dt.year).mean()
    figures = {
        "kalman_slope after the second row": slope[1],
        "kalman_slope_median": np.median(slope),
        "kalman_slope_mean": slope.mean(),
        "kalman_slope_last": slope[-1],
        "kalman_days_slope_above_1": np.count_nonzero(slope > 1.0),
        "kalman_intercept_last": intercept[-1],
        "kalman_intercept_max": intercept.max(),
        "kalman_intercept_yearly_mean 2006..2012": by_year,
    }
    for name, ours in figures.items():
        published = entry(CHAN, name)
        np.testing.assert_allclose(ours, published["value"], rtol=0, atol=published["tolerance"], err_msg=name)


@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.2]), cut=st.integers(0, 60))
@settings(max_examples=40, deadline=None)
def test_bar_by_bar_with_a_restart_gives_the_bits_of_the_batch(seed: int, share: float, cut: int) -> None:
    y, x = cointegrated_logs(60, seed)
    missing = np.random.default_rng(seed).random(60) < share
    batch = run(y, x, missing)
    state = a_state(y, x)
    rows = np.empty((60, KALMAN_OUT))
    for t in range(60):
        if t == cut:
            state = np.array([float(text) for text in map(repr, state.tolist())])
        kalman_step(state, y[t], x[t], missing[t], rows[t])
    assert rows.T.tobytes() == b"".join(getattr(batch, name).tobytes() for name in NUMBERS)
    assert state.tobytes() == batch.state.tobytes()


@given(cut=st.integers(1, 99))
@settings(max_examples=20, deadline=None)
def test_the_future_changes_nothing_before_it(cut: int) -> None:
    y, x = cointegrated_logs(100, seed=6)
    state = a_state(y, x)
    whole = kalman_filter(y, x, none_missing(y), state)
    y[cut:], x[cut:] = 1e6, -1e6
    other = kalman_filter(y, x, none_missing(y), state)
    for name in NUMBERS:
        assert getattr(whole, name)[:cut].tobytes() == getattr(other, name)[:cut].tobytes()


def test_the_bar_itself_does_not_move_its_own_line() -> None:
    y, x = cointegrated_logs(50, seed=2)
    state = a_state(y, x)
    line = kalman_filter(y, x, none_missing(y), state).ratio[49]
    y[49] += 0.5
    assert kalman_filter(y, x, none_missing(y), state).ratio[49] == line


def test_a_missing_bar_widens_the_line_and_says_no_innovation() -> None:
    y, x = cointegrated_logs(50, seed=2)
    missing = none_missing(y)
    missing[30:33] = True
    path = run(y, x, missing)
    assert np.isnan(path.score[30:33]).all()
    assert np.isfinite(path.score[33])
    assert (path.ratio[30:34] == path.ratio[30]).all()
    assert (np.diff(path.ratio_stderr[30:34]) > 0.0).all()
    assert path.state[9] == 47.0


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e200])
def test_a_price_that_is_none_counts_as_missing(value: float) -> None:
    y, x = cointegrated_logs(50, seed=2)
    missing = none_missing(y)
    missing[30] = True
    expected = run(y, x, missing)
    broken = x.copy()
    broken[30] = value
    found = kalman_filter(y, broken, none_missing(y), a_state(y, x))
    for name in NUMBERS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_without_a_start_everything_is_unknown_with_the_reason() -> None:
    y, x = cointegrated_logs(50, seed=2)
    path = kalman_filter(y, x, none_missing(y), np.full(10, np.nan))
    assert path.reason == "the Kalman filter has no start"
    assert len(path) == 50
    assert all(np.isnan(getattr(path, name)).all() for name in NUMBERS)
    row = np.zeros(KALMAN_OUT)
    kalman_step(np.full(10, np.nan), 1.0, 2.0, False, row)
    assert np.isnan(row).all()


def test_the_state_given_stays_as_it_is() -> None:
    y, x = cointegrated_logs(50, seed=2)
    state = a_state(y, x)
    before = state.copy()
    kalman_filter(y, x, none_missing(y), state)
    np.testing.assert_array_equal(state, before)


def test_the_covariance_stays_one_over_a_long_stream() -> None:
    random = np.random.default_rng(3)
    x = 11.0 + np.cumsum(random.normal(0.0, 1e-3, 200_000))
    y = 0.7 * x + random.normal(0.0, 5e-4, len(x))
    state = kalman_state((7.7, 0.7), np.diag([1e-7, 1e-3]), (2.5e-7, 1e-19, 1e-21), 11.0)
    path = kalman_filter(y, x, none_missing(y), state)
    assert path.state[2] * path.state[4] > path.state[3] ** 2
    assert path.score.std() == pytest.approx(1.0, abs=0.02)


def test_usual_defaults_never_fire() -> None:
    """Finding 7: with q = 1e-4 and R = 1e-3 for log prices every score is a small share of a deviation."""
    y, x = cointegrated_logs(5_000, seed=7)
    state = kalman_state((0.0, 0.0), np.eye(2), (1e-3, 1e-4, 1e-4), 0.0)
    scores = kalman_filter(y, x, none_missing(y), state).score[100:]
    assert scores.std() < 0.42
    assert not (np.abs(scores) > 2.0).any()
