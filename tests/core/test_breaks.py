import numpy as np
import pytest

from analytics.core.breaks import breaks, largest_jump
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.zivot_andrews import zivot_andrews
from market.core.types import F64
from tests.core.pairs import cointegrated_logs, walks

NOISE = np.random.default_rng(1).normal(0.0, 1e-3, 500)


def with_move(at: int, move: float) -> F64:
    returns = NOISE.copy()
    returns[at] = move
    return returns


def test_the_greatest_move_is_counted_in_median_moves() -> None:
    returns = with_move(77, -0.05)
    found = largest_jump(returns)
    center = np.median(returns)
    assert found.multiple == pytest.approx(abs(-0.05 - center) / np.median(np.abs(returns - center)), rel=1e-12)
    assert (found.at, found.move, found.n, found.is_break) == (77, -0.05, 500, True)
    assert not largest_jump(NOISE).is_break


def test_missing_returns_are_left_out() -> None:
    returns = with_move(77, -0.05)
    returns[:10] = np.nan
    assert (largest_jump(returns).at, largest_jump(returns).n) == (77, 490)


def test_a_leg_that_mostly_stands_still_has_the_typical_move_of_its_moves() -> None:
    returns = np.zeros(500)
    returns[::7] = 1e-4
    assert largest_jump(returns).multiple == pytest.approx(1.0)
    returns[3] = 0.01
    assert largest_jump(returns).multiple == pytest.approx(100.0)


def test_the_unit_does_not_matter() -> None:
    assert largest_jump(NOISE * 1_000.0).multiple == pytest.approx(largest_jump(NOISE).multiple, rel=1e-12)


@pytest.mark.parametrize(
    ("returns", "reason"),
    [
        (np.zeros(100), "the leg does not move"),
        (np.array([0.1]), "1 returns are too few: at least 10"),
        (np.full(100, np.nan), "0 returns are too few: at least 10"),
    ],
)
def test_no_jump_has_a_reason(returns: F64, reason: str) -> None:
    found = largest_jump(returns)
    assert found.reason == reason
    assert np.isnan([found.multiple, found.move]).all()
    assert not found.is_break


def test_a_quiet_window_has_no_break() -> None:
    y, x = cointegrated_logs(800, 3)
    found = breaks(np.diff(y), np.diff(x), y - 0.7 * x, Lags())
    assert found.sentences == found.unknown == ()
    assert found.step == zivot_andrews(y - 0.7 * x, Lags())


def test_a_jump_is_named_by_its_leg() -> None:
    y, x = cointegrated_logs(800, 3)
    found = breaks(np.diff(y), with_move(77, -0.05), y - 0.7 * x, Lags(), symbols=("ETHUSDT", "BTCUSDT"))
    assert len(found.sentences) == 1
    assert found.sentences[0].startswith("BTCUSDT moved by ")


def test_a_step_of_the_spread_is_named_by_its_bar() -> None:
    spread = np.random.default_rng(2).normal(size=600)
    for t in range(1, 600):
        spread[t] += 0.8 * spread[t - 1]
    spread[350:] += 20.0
    found = breaks(NOISE, NOISE[::-1], spread, Lags())
    assert found.step.break_at == 349
    assert found.sentences == (
        f"The spread is stationary only around a step after bar 349 (Zivot-Andrews {found.step.statistic:.2f}, "
        "p = 0.000): its line holds on one side only.",
    )


def test_a_stationary_spread_and_a_walk_have_no_step() -> None:
    rejected = 0
    for seed in range(100):
        noise, walk = np.random.default_rng(seed).normal(size=300), walks(300, seed)[0]
        assert not breaks(NOISE, NOISE, noise, Lags()).sentences
        rejected += bool(breaks(NOISE, NOISE, walk, Lags()).sentences)
    assert rejected <= 8


def test_what_could_not_be_judged_is_said() -> None:
    found = breaks(np.zeros(100), NOISE, np.full(100, 0.1), Lags())
    assert found.unknown == ("y: the leg does not move", "spread: the series does not move")
    assert found.sentences == ()
