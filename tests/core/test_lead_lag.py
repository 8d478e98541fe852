import numpy as np
import pytest

from analytics.core.dependence.lead_lag import lead_lag
from market.core.types import F64

NOISE = np.random.default_rng(1).normal(size=(3, 2_000))


def followed(lag: int) -> tuple[F64, F64]:
    """Returns (y, x) of which x repeats a part of y `lag` bars later."""
    y, other, _ = NOISE
    return y, 0.5 * np.roll(y, lag) + other


@pytest.mark.parametrize("lag", [-7, 0, 3])
def test_the_leader_is_found(lag: int) -> None:
    found = lead_lag(*followed(lag), most=20)
    assert found.best == lag
    assert abs(found.correlations[20 + lag]) > found.widest_band > found.band


def test_each_lag_is_the_correlation_of_shifted_returns() -> None:
    y, x = followed(3)
    found = lead_lag(y, x, most=10)
    assert found.lags.tolist() == list(range(-10, 11))
    for lag, value, n in zip(found.lags, found.correlations, found.n, strict=True):
        early, late = (y[: len(y) - lag], x[lag:]) if lag >= 0 else (y[-lag:], x[:lag])
        assert value == pytest.approx(np.corrcoef(early, late)[0, 1], abs=1e-13)
        assert n == len(early)


def test_swapped_legs_mirror_the_lags() -> None:
    y, x = followed(3)
    one, other = lead_lag(y, x, most=10), lead_lag(x, y, most=10)
    np.testing.assert_allclose(one.correlations, other.correlations[::-1], atol=1e-14)
    assert (one.best, other.best) == (3, -3)


def test_missing_returns_are_left_out_in_pairs() -> None:
    y, x = (leg.copy() for leg in followed(3))
    y[10], x[20], x[30:40] = np.nan, np.inf, np.nan
    found = lead_lag(y, x, most=5)
    both = np.isfinite(y[:-3]) & np.isfinite(x[3:])
    assert found.n[8] == np.count_nonzero(both) == 1_997 - 1 - 11
    assert found.correlations[8] == pytest.approx(np.corrcoef(y[:-3][both], x[3:][both])[0, 1], abs=1e-13)


def test_white_noise_stays_in_the_bands() -> None:
    random = np.random.default_rng(4)
    found = [lead_lag(random.normal(size=500), random.normal(size=500), most=20) for _ in range(200)]
    inside = [np.abs(one.correlations) < 1.959964 / np.sqrt(one.n) for one in found]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.01)
    at_best = np.array([np.nanmax(np.abs(one.correlations)) for one in found])
    assert np.mean(at_best < [one.widest_band for one in found]) == pytest.approx(0.95, abs=0.04)
    assert found[0].band == pytest.approx(1.959964 / np.sqrt(found[0].n[20 + (found[0].best or 0)]), rel=1e-6)


def test_there_are_no_more_lags_than_returns() -> None:
    y, x = NOISE[:2, :15]
    found = lead_lag(y, x, most=60)
    assert found.lags.tolist() == list(range(-14, 15))
    assert np.isfinite(found.correlations).sum() == 11


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        (NOISE[0], np.zeros(2_000), "the series does not move"),
        (NOISE[0], np.full(2_000, np.nan), "0 bars are too few: at least 10"),
        (np.ones(1), np.ones(1), "1 bars are too few: at least 10"),
        (
            np.where(np.arange(2_000) < 20, NOISE[0], np.nan),
            np.where(np.arange(2_000) >= 1_900, NOISE[1], np.nan),
            "no lag has 10 returns of both legs that move",
        ),
    ],
)
def test_what_has_no_lag_has_a_reason(y: F64, x: F64, reason: str) -> None:
    found = lead_lag(y, x)
    assert found.reason == reason
    assert found.best is None
    assert np.isnan([found.band, found.widest_band]).all()
