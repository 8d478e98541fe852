"""The quick check beside its naive twin, what holds for any tape, and its Sharpe ratio."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.core.quickcheck import Rules, Tape, quick_check
from tests.core.tapes import MINUTE, naive_equity, part, random_tape, tape_of

IN_OUT = [0.0, 2.5, 2.5, 2.5, 0.2, 0.2, 0.2, 0.2]


@given(
    seed=st.integers(0, 2**32 - 1),
    holes=st.sampled_from([0.0, 0.05, 0.3]),
    prices=st.sampled_from(["log", "raw"]),
    width_ms=st.sampled_from([1_000, MINUTE]),
)
@settings(max_examples=60, deadline=None)
def test_equals_the_naive_twin(seed: int, holes: float, prices: str, width_ms: int) -> None:
    tape = random_tape(150, seed, holes=holes, prices=prices, width_ms=width_ms, opened_ms=np.arange(150) * width_ms)
    np.testing.assert_allclose(quick_check(tape).equity, naive_equity(tape, Rules()), rtol=0, atol=1e-9)


@given(seed=st.integers(0, 2**32 - 1), holes=st.sampled_from([0.0, 0.1]))
@settings(max_examples=40, deadline=None)
def test_the_profit_is_that_of_the_legs_less_fees(seed: int, holes: float) -> None:
    check = quick_check(random_tape(300, seed, holes=holes))
    trades = [*check.trades, *([check.open_trade] if check.open_trade else [])]
    legs_y = sum(t.quantity_y * (t.exit_y - t.entry_y) for t in trades)
    legs_x = sum(t.quantity_x * (t.exit_x - t.entry_x) for t in trades)
    assert check.net == pytest.approx(legs_y + legs_x - check.fees, abs=1e-9)
    assert check.net == pytest.approx(sum(t.net for t in trades), abs=1e-9)
    assert check.equity[-1] == pytest.approx(check.net, abs=1e-9)


@given(seed=st.integers(0, 2**32 - 1), stop=st.integers(20, 199))
@settings(max_examples=40, deadline=None)
def test_the_future_changes_nothing_before_it(seed: int, stop: int) -> None:
    tape = random_tape(200, seed, holes=0.05)
    whole, cut = quick_check(tape), quick_check(part(tape, stop))
    assert cut.equity.tobytes() == whole.equity[:stop].tobytes() or not np.isfinite(tape.zscore[:stop]).any()
    assert cut.trades == tuple(trade for trade in whole.trades if (trade.left_slot or 0) < stop)


@pytest.mark.parametrize("prices", ["log", "raw"])
@pytest.mark.parametrize("leg", ["y", "x"])
def test_the_unit_of_a_price_changes_no_return(prices: str, leg: str) -> None:
    tape = random_tape(500, seed=5, holes=0.02, prices=prices)
    moved = {f"{kind}_{leg}": getattr(tape, f"{kind}_{leg}") * 1000.0 for kind in ("fill", "mark")}
    if prices == "raw":
        moved["ratio"] = tape.ratio * (1000.0 if leg == "y" else 1e-3)
    plain, other = quick_check(tape), quick_check(replace(tape, **moved))
    assert len(plain.trades) > 10
    assert [t.net_return for t in other.trades] == pytest.approx([t.net_return for t in plain.trades], rel=1e-9)
    np.testing.assert_allclose(other.equity, plain.equity, rtol=0, atol=1e-7)


def swinging(days: int, *, width_ms: int = 900_000) -> Tape:
    """z in and out all day, prices with noise."""
    n = days * 86_400_000 // width_ms
    tape = random_tape(n, seed=9, width_ms=width_ms, opened_ms=np.arange(n) * width_ms)
    return replace(tape, zscore=np.where(np.arange(n) % 16 < 8, 3.0, 0.0))


def test_sharpe_is_that_of_daily_profits_on_365_days() -> None:
    check = quick_check(swinging(21))
    daily = np.diff(check.equity[95::96], prepend=0.0)
    assert len(daily) == 21
    assert check.sharpe == pytest.approx(daily.mean() / daily.std(ddof=1) * np.sqrt(365.0))
    assert check.sharpe_reason == ""


@pytest.mark.parametrize(
    ("tape", "reason"),
    [
        (tape_of(IN_OUT), "not enough trades: 1 of 30"),
        (swinging(19), "not enough days: 19 of 20"),
        (part(swinging(21), 20 * 96 - 1), "not enough days: 19 of 20"),
        (replace(swinging(21), opened_ms=None), "the bars have no time"),
    ],
    ids=["trades", "days", "whole days", "no times"],
)
def test_no_sharpe_from_little(tape: Tape, reason: str) -> None:
    check = quick_check(tape)
    assert check.sharpe_reason == reason
    assert np.isnan(check.sharpe)
    assert check.reason == ""
