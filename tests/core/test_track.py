"""Online = batch, for every hedge method: bar by bar, from a piece of history, and from a stored state."""

from dataclasses import astuple, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.core.align import Grid
from analytics.core.hedges import methods
from analytics.core.scoring.layout import ANCHOR
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.scores import Scores
from analytics.core.scoring.track import Track, score
from analytics.core.windows import Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, grid_of
from tests.core.test_sums import HOSTILE, Made

VALUES = (
    "hedge_ratio", "intercept", "stderr", "intercept_stderr", "r2", "spread", "zscore", "correlation", "innovation",
    "n_valid", "reasons",
)  # fmt: skip
WINDOWS = Windows(130, 40, 30)
N = 700
MEMORY = [name for name in methods() if ScoreParams(WINDOWS, hedge=name).has_memory]
WINDOWED = [name for name in methods() if name not in MEMORY]


def holed(seed: int, share: float, n: int = N) -> Grid:
    y, x = cointegrated(n, seed)
    keep = np.random.default_rng(seed).random((2, n)) >= share
    keep[:, 0] = True
    return grid_of(bars_of(y, keep=keep[0]), bars_of(x, keep=keep[1]), n)


def part_of(grid: Grid, start: int, stop: int) -> Grid:
    columns = ("opened_ms", "y", "x", "state", "last_y_ms", "last_x_ms")
    parts = {name: getattr(grid, name)[start:stop] for name in columns}
    return replace(grid, **parts, first=grid.first - start)


def assert_same_bits(part: Scores, whole: Scores, start: int) -> None:
    """`part` says of its slots what `whole` says of those from `start` on."""
    for name in VALUES:
        expected = getattr(whole, name)[start : start + len(part)]
        assert getattr(part, name).tobytes() == expected.tobytes(), name


@pytest.mark.parametrize("hedge", methods())
@pytest.mark.parametrize("share", [0.0, 0.01])
def test_bar_by_bar_gives_the_bits_of_the_batch(hedge: str, share: float) -> None:
    grid, params = holed(7, share), ScoreParams(WINDOWS, hedge=hedge)
    batch = score(grid, params)
    track = Track(part_of(grid, 0, 150), params)
    for slot in range(150, N):
        tail = part_of(grid, slot, slot + 1)
        track.extend(tail)
        assert_same_bits(track.score(tail, 0, 1), batch, slot)
    assert np.isfinite(batch.zscore[-1])


@pytest.mark.parametrize("hedge", methods())
def test_a_track_that_lets_go_of_old_rows_gives_the_bits_of_the_batch(hedge: str) -> None:
    """Several slots at once now and then, and rows of the start long gone."""
    n = 2 * (ScoreParams(WINDOWS, hedge=hedge).lookback + 512)
    grid, params = holed(9, 0.01, n), ScoreParams(WINDOWS, hedge=hedge)
    batch = score(grid, params)
    track = Track(part_of(grid, 0, 150), params)
    random, slot = np.random.default_rng(9), 150
    while slot < n:
        count = min(int(random.choice([1, 2, 7, 90])), n - slot)
        tail = part_of(grid, slot, slot + count)
        track.extend(tail)
        assert_same_bits(track.score(tail, 0, count), batch, slot)
        slot += count
    assert len(track) < n - 150


@pytest.mark.parametrize("hedge", WINDOWED)
@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.0, 0.01, 0.05]), cut=st.integers(400, N - 1))
@settings(max_examples=15, deadline=None)
def test_a_piece_of_history_gives_the_bits_of_the_whole(hedge: str, seed: int, share: float, cut: int) -> None:
    grid, params = holed(seed, share), ScoreParams(WINDOWS, hedge=hedge)
    reach = cut - params.lookback
    batch = score(grid, params, cut)
    assert_same_bits(score(part_of(grid, max(reach, 0), N), params, cut - max(reach, 0)), batch, 0)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_stored_state_gives_the_bits_of_the_whole(hedge: str) -> None:
    grid, params = holed(5, 0.01), ScoreParams(WINDOWS, hedge=hedge)
    batch = score(grid, params)
    rows = sorted(row for row in batch.memories if row > 400)
    assert rows
    for row in rows:
        reach = row + 1 - params.lookback
        resumed = score(part_of(grid, reach, N), params, row + 1 - reach, memory=batch.memories[row])
        assert_same_bits(resumed, batch, row + 1)
        assert resumed.memories.keys() == {later - row - 1 for later in rows if later > row}


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_state_from_before_the_first_scored_slot_is_brought_up_to_it(hedge: str) -> None:
    grid, params = holed(5, 0.0), ScoreParams(WINDOWS, hedge=hedge)
    batch = score(grid, params)
    row = max(row for row in batch.memories if row < 600)
    reach = row + 1 - params.lookback
    later = score(part_of(grid, reach, N), params, row + 20 - reach, memory=batch.memories[row])
    assert_same_bits(later, batch, row + 20)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_state_that_is_kept_needs_no_older_bar_however_late_it_is_taken_up(hedge: str) -> None:
    """An expanding line forms its first sums anew at fixed ages, from rows that a young state has not got."""
    grid, params = holed(5, 0.0, 1_200), ScoreParams(WINDOWS, hedge=hedge)
    batch, start = score(grid, params), 1_000
    rows = [row for row in batch.memories if row + 1 <= start - params.lookback]
    assert len(rows) > 4
    for row in rows:
        later = score(part_of(grid, row + 1, 1_200), params, start - row - 1, memory=batch.memories[row])
        assert_same_bits(later, batch, start)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_method_with_memory_does_not_go_back(hedge: str) -> None:
    grid = holed(5, 0.0)
    track = Track(grid, ScoreParams(WINDOWS, hedge=hedge))
    track.score(grid, 0, 500)
    with pytest.raises(ValueError, match=f"{hedge} has learnt from 40 of the slots"):
        track.score(grid, 460, 500)
    assert_same_bits(track.score(grid, 500, N), score(grid, ScoreParams(WINDOWS, hedge=hedge)), 500)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_state_from_before_the_grid_is_refused(hedge: str) -> None:
    grid, params = holed(5, 0.0, 1_200), ScoreParams(WINDOWS, hedge=hedge)
    memory = score(grid, params).memories
    row = max(row for row in memory if row < 600)
    with pytest.raises(ValueError, match=f"begins 10 slots after the state of {hedge}"):
        score(part_of(grid, row + 11, 1_200), params, 1_100 - row - 11, memory=memory[row])


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_start_that_the_grid_does_not_hold_is_refused(hedge: str) -> None:
    grid = part_of(holed(5, 0.0), 100, N)
    with pytest.raises(ValueError, match=f"begins 100 slots after the start of {hedge}"):
        score(grid, ScoreParams(WINDOWS, hedge=hedge), 500)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_method_with_memory_begins_where_the_spec_says(hedge: str) -> None:
    grid = holed(5, 0.0)
    scores = score(grid, ScoreParams(WINDOWS, hedge=hedge, started_ms=200_000))
    assert scores.unknown(250)["hedge_ratio"].startswith("warming up 50 of")
    y, x = (bars_of(np.concatenate([np.ones(200), leg[200:]])) for leg in cointegrated(N, 5))
    late = grid_of(y, x, N)
    same = score(late, ScoreParams(WINDOWS, hedge=hedge, started_ms=200_000))
    assert same.hedge_ratio[400:].tobytes() == scores.hedge_ratio[400:].tobytes()


@pytest.mark.parametrize("hedge", methods())
def test_the_future_changes_nothing(hedge: str) -> None:
    grid, params = holed(3, 0.01), ScoreParams(WINDOWS, hedge=hedge)
    whole = score(grid, params)
    for stop in (140, 257, 300, 513, 640):
        assert_same_bits(score(part_of(grid, 0, stop), params), whole, 0)
        assert_same_bits(score(grid, params, 0, stop), whole, 0)


@pytest.mark.parametrize("hedge", methods())
def test_the_forming_bar_is_scored_with_what_the_closed_one_gets(hedge: str) -> None:
    grid, params = holed(3, 0.0), ScoreParams(WINDOWS, hedge=hedge)
    forming = score(grid, params, 0, 600).forming
    closed = score(grid, params, 600, 601)
    assert (forming.ratio, forming.intercept) == (closed.hedge_ratio[0], closed.intercept[0])
    assert forming.n == closed.n_valid[0]
    assert forming.stderr == pytest.approx(closed.stderr[0], nan_ok=True)
    z = forming.zscore(float(np.log(grid.y[600])), float(np.log(grid.x[600])))
    assert z == pytest.approx(closed.zscore[0], rel=1e-9)


@pytest.mark.parametrize("hedge", methods())
def test_no_new_slot_leaves_the_forming_bar_as_it_was(hedge: str) -> None:
    grid, params = holed(3, 0.0), ScoreParams(WINDOWS, hedge=hedge)
    track = Track(part_of(grid, 0, 600), params)
    before = track.score(part_of(grid, 0, 600), 0, 600).forming
    nothing = part_of(grid, 600, 600)
    track.extend(nothing)
    after = track.score(nothing, 0, 0).forming
    assert np.array(astuple(after)).tobytes() == np.array(astuple(before)).tobytes()
    tail = part_of(grid, 600, N)
    track.extend(tail)
    assert_same_bits(track.score(tail, 0, N - 600), score(grid, params), 600)


@pytest.mark.parametrize("hedge", methods())
def test_a_leg_in_another_unit_has_the_same_score(hedge: str) -> None:
    y, x = cointegrated(N, 11)
    plain, scaled = (
        score(grid_of(bars_of(leg), bars_of(x), N), ScoreParams(WINDOWS, hedge=hedge)) for leg in (y, y * 1000.0)
    )
    for name in ("hedge_ratio", "zscore", "correlation", "innovation", "stderr", "r2"):
        np.testing.assert_allclose(getattr(scaled, name), getattr(plain, name), rtol=1e-5, atol=1e-7)
    known = ~np.isnan(plain.intercept)
    np.testing.assert_allclose((scaled.intercept - plain.intercept)[known], np.log(1000.0), atol=1e-6)


def test_swapped_legs_mirror_total_least_squares() -> None:
    y, x = cointegrated(N, 12)
    one = score(grid_of(bars_of(y), bars_of(x), N), ScoreParams(WINDOWS, hedge="tls"))
    other = score(grid_of(bars_of(x), bars_of(y), N), ScoreParams(WINDOWS, hedge="tls"))
    known = np.isfinite(one.zscore)
    assert known.sum() > 400
    np.testing.assert_allclose((one.hedge_ratio * other.hedge_ratio)[known], 1.0, rtol=1e-9)
    np.testing.assert_allclose(one.zscore[known], -other.zscore[known], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("hedge", methods())
@pytest.mark.parametrize(
    ("y", "x"),
    [
        (np.full(N, 3.0), None),
        (None, np.full(N, 3.0)),
        ("x", None),
        (np.r_[np.full(N - 1, 3.0), np.inf], None),
    ],
    ids=["flat y", "flat x", "same asset", "infinite"],
)
def test_what_says_nothing_has_no_score_and_a_reason(hedge: str, y: F64 | str | None, x: F64 | None) -> None:
    made_y, made_x = cointegrated(N, 4)
    leg_x = made_x if x is None else x
    leg_y = made_y if y is None else leg_x if isinstance(y, str) else y
    scores = score(grid_of(bars_of(leg_y), bars_of(leg_x), N), ScoreParams(WINDOWS, hedge=hedge))
    last = scores.unknown(N - 1)
    assert np.isnan(scores.zscore[-1])
    assert last["zscore"]


def test_a_leg_that_stops_within_an_anchor_is_flat_at_once() -> None:
    """Sums that forget a lively past by subtraction must not leave their rounding behind."""
    y, x = cointegrated(N, 6)
    params = ScoreParams(Windows(30, 20, 10))
    stop = 2 * ANCHOR + 20
    for leg in ("y", "x"):
        legs = {"y": y.copy(), "x": x.copy()}
        legs[leg][stop:] = legs[leg][stop]
        scores = score(grid_of(bars_of(legs["y"]), bars_of(legs["x"]), N), params)
        flat = slice(stop + 31, N)
        assert np.isnan(scores.zscore[flat]).all()
        assert np.isnan(scores.correlation[flat]).all()


@pytest.mark.parametrize("made", HOSTILE)
@pytest.mark.parametrize("window", [20, 100])
def test_errors_and_r2_of_a_fit_are_those_of_long_double(made: Made, window: int) -> None:
    y, x = made(np.random.default_rng(13), 2_000)
    grid = grid_of(bars_of(y), bars_of(x), len(y))
    scores = score(grid, ScoreParams(Windows(window, window, window), "raw"))
    for t in range(window, len(y), 11):
        long_y, long_x = (leg[t - window : t].astype(np.longdouble) for leg in (y, x))
        dy, dx = long_y - long_y.mean(), long_x - long_x.mean()
        if not (dx @ dx > 0.0 and dy @ dy > 0.0):
            continue
        residual = dy - (dx @ dy) / (dx @ dx) * dx
        squares = residual @ residual
        stderr = float(np.sqrt(squares / (window - 2) / (dx @ dx)))
        # rounding of the prices themselves, as a share of the residual's deviation
        rounding = np.finfo(np.float64).eps * abs(y[t]) / float(np.sqrt(squares / window))
        assert scores.stderr[t] == pytest.approx(stderr, rel=max(rounding, 1e-9))
        assert scores.r2[t] == pytest.approx(1.0 - float(squares / (dy @ dy)), abs=1e-9)


def test_one_wild_print_leaves_no_trace_when_it_is_gone() -> None:
    y, x = cointegrated(N, 8)
    wild = y.copy()
    wild[2 * ANCHOR + 1] *= 1e6
    params = ScoreParams(Windows(30, 20, 10))
    plain, after = (score(grid_of(bars_of(leg), bars_of(x), N), params) for leg in (y, wild))
    gone = slice(2 * ANCHOR + 60, N)
    for name in ("hedge_ratio", "zscore", "correlation"):
        np.testing.assert_allclose(getattr(after, name)[gone], getattr(plain, name)[gone], rtol=1e-8, atol=1e-10)


def test_a_track_does_not_skip_slots() -> None:
    grid = holed(1, 0.0)
    track = Track(part_of(grid, 0, 100), ScoreParams(WINDOWS))
    with pytest.raises(ValueError, match="begins at 101000, expected 100000"):
        track.extend(part_of(grid, 101, 102))
