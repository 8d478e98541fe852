"""The score kernel: beside its naive twin, online beside batch, and what it may not know."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.core.align import Grid, SlotState
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.scores import Scores
from analytics.core.scoring.track import score
from analytics.core.windows import Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, grid_of

SMALL = ScoreParams(Windows(30, 20, 10))
VALUES = ("hedge_ratio", "intercept", "spread", "zscore", "correlation")


def grid_with_holes(n: int, seed: int, share: float) -> Grid:
    y, x = cointegrated(n, seed)
    keep = np.random.default_rng(seed).random((2, n)) >= share
    keep[:, 0] = True
    return grid_of(bars_of(y, keep=keep[0]), bars_of(x, keep=keep[1]), n)


def full_grid(n: int, seed: int = 1) -> Grid:
    y, x = cointegrated(n, seed)
    return grid_of(bars_of(y), bars_of(x), n)


def bits(scores: Scores) -> bytes:
    return b"".join(getattr(scores, name).tobytes() for name in (*VALUES, "n_valid", "reasons"))


def naive(y: F64, x: F64, t: int, windows: Windows) -> tuple[float, ...]:
    """Hedge ratio, intercept, spread, z and correlation of slot t by the words of the definitions."""
    ly, lx = np.log(y), np.log(x)
    past = slice(t - windows.hedge, t)
    design = np.column_stack([np.ones(windows.hedge), lx[past] - lx[t]])
    level, b = np.linalg.lstsq(design, ly[past], rcond=None)[0]
    a = level - b * lx[t]
    spreads = ly - (a + b * lx)
    seen = spreads[t - windows.z : t]
    returns = slice(t - windows.correlation, t)
    correlation = np.corrcoef(np.diff(ly)[returns], np.diff(lx)[returns])[0, 1]
    return b, a, spreads[t], (spreads[t] - seen.mean()) / seen.std(ddof=1), correlation


@pytest.mark.parametrize("windows", [SMALL.windows, Windows(200, 60, 100), Windows(10, 50, 70)])
def test_equals_the_naive_twin(windows: Windows) -> None:
    y, x = cointegrated(400, seed=3)
    scores = score(grid_of(bars_of(y), bars_of(x), 400), ScoreParams(windows))
    for t in range(windows.lookback, 400, 13):
        ours = [getattr(scores, name)[t] for name in VALUES]
        np.testing.assert_allclose(ours, naive(y, x, t, windows), rtol=1e-7, atol=1e-12)


def test_raw_prices_are_fitted_raw() -> None:
    x = np.arange(1.0, 101.0)
    y = 3.0 + 2.0 * x + np.tile([0.5, -0.5], 50)
    scores = score(grid_of(bars_of(y), bars_of(x), 100), ScoreParams(SMALL.windows, "raw"))
    slope, intercept = np.polyfit(x[50:80], y[50:80], 1)
    assert scores.hedge_ratio[80] == pytest.approx(slope)
    assert scores.intercept[80] == pytest.approx(intercept)


@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.01, 0.3]), stop=st.integers(1, 90))
@settings(max_examples=40, deadline=None)
def test_the_future_changes_nothing(seed: int, share: float, stop: int) -> None:
    y, x = cointegrated(90, seed)
    keep = np.random.default_rng(seed).random((2, 90)) >= share
    legs = bars_of(y, keep=keep[0]), bars_of(x, keep=keep[1])
    first_ms = int(max(leg["opened_ms"][0] for leg in legs))
    whole = score(grid_of(*legs, 90, first_ms=first_ms), SMALL, 0, stop)
    known = [leg[leg["opened_ms"] < stop * 1000] for leg in legs]
    assert bits(score(grid_of(known[0], known[1], stop, first_ms=first_ms), SMALL)) == bits(whole)


@given(scale=st.floats(1e-6, 1e6), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_the_unit_of_a_price_moves_the_intercept_only(scale: float, seed: int) -> None:
    y, x = cointegrated(80, seed)
    plain = score(grid_of(bars_of(y), bars_of(x), 80), SMALL, 40)
    scaled = score(grid_of(bars_of(y * scale), bars_of(x), 80), SMALL, 40)
    for name in ("hedge_ratio", "zscore", "correlation"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(plain, name), rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(scaled.intercept - plain.intercept, np.log(scale), rtol=0, atol=1e-8)


def test_the_scored_point_is_in_neither_window_nor_fit() -> None:
    y, x = cointegrated(100, seed=5)
    jumped = y.copy()
    jumped[70] *= 1.5
    before = score(grid_of(bars_of(y), bars_of(x), 100), SMALL, 70, 71)
    after = score(grid_of(bars_of(jumped), bars_of(x), 100), SMALL, 70, 71)
    assert after.hedge_ratio == before.hedge_ratio
    # a point in its own window of 20 could not score above 19 / sqrt(20) = 4.2
    assert after.zscore[0] > 50


def test_first_values_come_after_120_bars_and_are_warming_up() -> None:
    scores = score(full_grid(620), ScoreParams(Windows(600, 200, 150)))
    assert np.flatnonzero(~np.isnan(scores.zscore))[0] == 120
    assert scores.unknown(50) == dict.fromkeys(
        ("hedge_ratio", "spread", "zscore", "correlation"), "warming up 50 of 120"
    )
    assert scores.unknown(130) == {
        "hedge_ratio": "warming up 130 of 600",
        "spread": "warming up 130 of 600",
        "zscore": "warming up 130 of 200",
        "correlation": "warming up 130 of 150",
    }
    assert scores.unknown(210)["zscore"] == scores.reason(210) == "warming up 210 of 600"
    assert (scores.unknown(600), scores.reason(600)) == ({}, "")


def test_an_established_pair_does_not_warm_up_where_the_grid_begins() -> None:
    y, x = cointegrated(400, seed=1)
    scores = score(grid_of(bars_of(y), bars_of(x), 400, start=20, first_ms=-5_000), SMALL, 290)
    assert all(not scores.unknown(row) for row in range(len(scores)))


def test_a_grid_that_does_not_reach_back_is_refused() -> None:
    y, x = cointegrated(100, seed=1)
    grid = grid_of(bars_of(y), bars_of(x), 100, start=20)
    with pytest.raises(ValueError, match="holds 29 slots before the first scored one; 287 are needed"):
        score(grid, SMALL, 29)


@pytest.mark.parametrize(("holes", "is_known"), [(1, True), (2, False)])
def test_more_than_five_percent_filled_is_unknown(holes: int, is_known: bool) -> None:
    y, x = cointegrated(100, seed=2)
    keep = np.ones(100, np.bool_)
    keep[60 : 60 + holes] = False
    # 30 bars bear one hole, 1/30 < 5 %, and not two
    scores = score(grid_of(bars_of(y, keep=keep), bars_of(x), 100), SMALL, 70, 71)
    assert bool(np.isfinite(scores.hedge_ratio[0])) is is_known
    if not is_known:
        assert scores.unknown(0)["hedge_ratio"] == "2 of 30 bars missing or filled"


def test_a_missing_slot_has_no_score_but_a_hedge_ratio() -> None:
    y, x = cointegrated(200, seed=2)
    keep = np.ones(200, np.bool_)
    keep[190:] = False
    scores = score(grid_of(bars_of(y, keep=keep), bars_of(x), 200), ScoreParams(Windows(180, 180, 180)))
    assert scores.grid.state[195] == SlotState.MISSING
    assert np.isfinite(scores.hedge_ratio[195])
    assert np.isnan([scores.spread[195], scores.zscore[195]]).all()
    assert scores.unknown(195) == {"spread": "stale:ETHUSDT 6.5 s", "zscore": "stale:ETHUSDT 6.5 s"}
    assert scores.n_valid[195] == 180 - 1


def test_a_filled_slot_is_scored_and_left_out_of_the_returns() -> None:
    y, x = cointegrated(100, seed=2)
    keep = np.ones(100, np.bool_)
    keep[99] = False
    scores = score(grid_of(bars_of(y, keep=keep), bars_of(x), 100), SMALL, 99)
    assert np.isfinite(scores.zscore[0])
    assert scores.unknown(0) == {"correlation": "1 of 10 bars missing or filled"}


def test_a_filled_slot_costs_the_returns_on_both_sides() -> None:
    y, x = cointegrated(100, seed=2)
    keep = np.ones(100, np.bool_)
    keep[80] = False
    scores = score(grid_of(bars_of(y, keep=keep), bars_of(x), 100), ScoreParams(Windows(50, 50, 30)), 99)
    assert scores.unknown(0) == {"correlation": "2 of 30 bars missing or filled"}


@pytest.mark.parametrize(
    ("y", "x", "reason"),
    [
        (
            np.full(50, 3.1),
            cointegrated(50, 1)[1],
            {"zscore": "the spread did not move", "correlation": "a leg did not move"},
        ),
        (
            cointegrated(50, 1)[0],
            np.full(50, 3.1),
            dict.fromkeys(("hedge_ratio", "spread", "zscore"), "the hedge leg did not move")
            | {"correlation": "a leg did not move"},
        ),
        (cointegrated(50, 1)[1] * 0.1, cointegrated(50, 1)[1], {"zscore": "the spread did not move"}),
    ],
    ids=["flat y", "flat x", "same asset"],
)
def test_what_does_not_move_has_no_score(y: F64, x: F64, reason: dict[str, str]) -> None:
    scores = score(grid_of(bars_of(y), bars_of(x), 50), SMALL, 40)
    assert scores.unknown(0) == reason
    assert np.isnan(scores.zscore).all()


def test_opens_belong_to_the_scored_slots() -> None:
    assert score(full_grid(60), SMALL, 50).opened_ms.tolist() == [slot * 1000 for slot in range(50, 60)]


def test_slots_outside_the_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="not in a grid of 60"):
        score(full_grid(60), SMALL, 50, 61)


@pytest.mark.parametrize("windows", [(2, 20, 20), (20, 1, 20), (20, 20, 2)])
def test_windows_too_short_are_refused(windows: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="too short"):
        Windows(*windows)
