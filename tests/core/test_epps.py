import numpy as np
import pytest

from analytics.core.dependence.epps import EppsCurve, epps_curve
from market.core.types import F64

STEPS_A_SECOND = 20


def last_trades(path: F64, rate: float, random: np.random.Generator) -> F64:
    """Price of the last trade before each full second, trades arriving by Poisson at `rate` a second."""
    seconds = len(path) // STEPS_A_SECOND
    times = np.sort(random.uniform(0.0, seconds, random.poisson(rate * seconds)))
    last = np.searchsorted(times, np.arange(1, seconds + 1)) - 1
    prices = path[(times[np.maximum(last, 0)] * STEPS_A_SECOND).astype(np.int64)]
    return np.where(last < 0, np.nan, prices)


def quiet_pair(seed: int, *, seconds: int = 6 * 3_600, correlation: float = 0.9) -> tuple[F64, F64]:
    """Finding 9: y trades five times a second, x once in five seconds."""
    random = np.random.default_rng(seed)
    steps = random.normal(size=(2, seconds * STEPS_A_SECOND)) * 1e-5
    steps[1] = correlation * steps[0] + np.sqrt(1.0 - correlation**2) * steps[1]
    y, x = np.cumsum(steps, axis=1)
    return last_trades(y, 5.0, random), last_trades(x, 0.2, random)


@pytest.fixture(scope="module")
def curve() -> EppsCurve:
    y, x = quiet_pair(1)
    return epps_curve(y, x, 1_000, trades_y=5.0, trades_x=0.2)


def test_a_quiet_leg_hides_the_correlation_of_short_bars(curve: EppsCurve) -> None:
    """One leg trades five times a second, the other once in five: 0.11 at 1 s, 0.37 at 5 s, 0.84 at 60 s, true 0.90."""
    found = dict(zip(curve.sizes, curve.correlations, strict=True))
    assert found[1] == pytest.approx(0.11, abs=0.02)
    assert found[5] == pytest.approx(0.37, abs=0.03)
    assert found[60] == pytest.approx(0.84, abs=0.03)
    assert curve.plateau == pytest.approx(0.90, abs=0.03)


def test_the_shortest_bar_that_shows_it_is_named(curve: EppsCurve) -> None:
    assert curve.shortest == 60
    assert curve.warning == (
        "Bars of 1 s hide the correlation of these legs: 0.11 against 0.90 on long bars. Use bars of 60 s or more. "
        "The quieter leg trades once in 5 s."
    )


def test_sizes_end_where_too_few_returns_stand_apart(curve: EppsCurve) -> None:
    assert curve.sizes == (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900)
    assert all(n >= 20 * size for n, size in zip(curve.n, curve.sizes, strict=True))
    assert (curve.step_ms, curve.trades_y, curve.trades_x) == (1_000, 5.0, 0.2)


def test_each_size_is_the_correlation_of_overlapping_returns() -> None:
    y, x = quiet_pair(2, seconds=900)
    y, x = y[60:], x[60:]
    found = epps_curve(y, x, 1_000)
    for size, value, n in zip(found.sizes, found.correlations, found.n, strict=True):
        assert value == pytest.approx(np.corrcoef(y[size:] - y[:-size], x[size:] - x[:-size])[0, 1], abs=1e-12)
        assert n == len(y) - size


def test_a_missing_price_has_no_return() -> None:
    y, x = quiet_pair(2, seconds=900)
    y, x = y[60:], x[60:].copy()
    whole = epps_curve(y, x, 1_000)
    x[100] = np.nan
    assert [a - b for a, b in zip(whole.n, epps_curve(y, x, 1_000).n, strict=True)] == [2] * len(whole.n)


def test_legs_that_move_together_at_once_need_no_warning() -> None:
    random = np.random.default_rng(3)
    x = np.cumsum(random.normal(size=4_000))
    found = epps_curve(np.cumsum(random.normal(size=4_000) * 0.3) + x, x, 1_000)
    assert (found.shortest, found.warning) == (1, "")


def test_a_negative_plateau_is_one_too() -> None:
    y, x = quiet_pair(1, seconds=3 * 3_600)
    assert epps_curve(y, -x, 1_000).shortest == epps_curve(y, x, 1_000).shortest


def test_uncorrelated_legs_have_no_plateau() -> None:
    y, x = np.cumsum(np.random.default_rng(5).normal(size=(2, 4_000)), axis=1)
    found = epps_curve(y, x, 1_000)
    assert found.shortest is None
    assert found.reason == "the legs are uncorrelated at the longest bar sizes: no plateau"
    assert found.warning == ""


def test_unit_of_a_price_does_not_matter() -> None:
    y, x = quiet_pair(2, seconds=900)
    np.testing.assert_allclose(
        epps_curve(y + np.log(1_000.0), x, 1_000).correlations, epps_curve(y, x, 1_000).correlations, rtol=1e-6
    )


WALK = np.cumsum(np.random.default_rng(1).normal(size=300))


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        (WALK, np.full(300, 0.1), "a leg does not move"),
        (WALK, 0.1 * np.arange(300.0), "all changes of a leg are equal"),
        (np.ones(1), np.ones(1), "1 bars are too few: at least 20"),
        (np.full(300, np.nan), WALK, "0 bars are too few: at least 20"),
        (np.where(np.arange(300) % 2 == 0, WALK, np.nan), WALK, ""),
        (np.where(np.arange(300) % 10 == 0, WALK, np.inf), WALK, "no bar size has 20 returns of both legs"),
    ],
)
def test_what_has_no_curve_has_a_reason(y: F64, x: F64, reason: str) -> None:
    found = epps_curve(y, x, 1_000, (1, 2))
    assert found.reason == reason
    assert (found.sizes == ()) == bool(reason)
    assert np.isnan(found.plateau) == bool(reason)
