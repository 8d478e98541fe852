"""The quick check: golden trades, when fills happen, both legs' P&L, and what noise earns."""

from typing import Any

import numpy as np
import pytest

from analytics.core.quickcheck import QuickCheck, Rules, quick_check
from tests.core.tapes import MINUTE, tape_of

NINE = Rules(gross=9_000.0)
IN_OUT = [0.0, 2.5, 2.5, 2.5, 0.2, 0.2, 0.2, 0.2]


def legs_of_golden() -> dict[str, Any]:
    """Opens and closes of IN_OUT: filled at slot 3 (100, 50) and slot 6 (99, 51)."""
    return {
        "fill_y": np.array([90.0, 90.0, 90.0, 100.0, 90.0, 90.0, 99.0, 90.0]),
        "fill_x": np.array([40.0, 40.0, 40.0, 50.0, 40.0, 40.0, 51.0, 40.0]),
        "mark_y": np.array([90.0, 90.0, 90.0, 101.0, 98.0, 98.0, 70.0, 70.0]),
        "mark_x": np.array([40.0, 40.0, 40.0, 50.0, 49.0, 52.0, 70.0, 70.0]),
    }


def test_golden_trade_of_log_prices() -> None:
    """9,000 at ratio 0.5: 6,000 of y sold = 60, 3,000 of x bought = 60; +60 + 60 gross, 4.50 + 4.50 fees."""
    check = quick_check(tape_of(IN_OUT, **legs_of_golden()), NINE)
    (trade,) = check.trades
    assert (trade.entered_slot, trade.left_slot, trade.side, trade.bars) == (3, 6, -1, 3)
    assert (trade.entered_ms, trade.left_ms) == (3 * MINUTE, 6 * MINUTE)
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-60.0, 60.0))
    assert (trade.entry_y, trade.entry_x, trade.exit_y, trade.exit_x) == (100.0, 50.0, 99.0, 51.0)
    assert (trade.gross, trade.fees, trade.net) == pytest.approx((120.0, 9.0, 111.0))
    assert trade.net_return == pytest.approx(111.0 / 9_000.0)
    assert check.equity == pytest.approx([0.0, 0.0, 0.0, -64.5, 55.5, 235.5, 111.0, 111.0])
    assert (check.net, check.gross, check.fees, check.net_return) == pytest.approx((111.0, 120.0, 9.0, 111.0 / 9e3))
    assert check.drawdown == pytest.approx(235.5 - 111.0)
    assert (check.win_rate, check.mean_bars, check.missed) == (1.0, 3.0, 0)


def test_golden_trade_of_raw_prices() -> None:
    """9,000 at 2 units of x for 1 of y: 45 y at 100 and 90 x at 50; +45 + 90 gross, fees on 9,000 and 9,045."""
    tape = tape_of(IN_OUT, prices="raw", ratio=np.full(8, 2.0), **legs_of_golden())
    (trade,) = quick_check(tape, NINE).trades
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-45.0, 90.0))
    assert (trade.gross, trade.fees) == pytest.approx((135.0, 4.5 + 0.0005 * (45 * 99 + 90 * 51)))


def test_the_spread_is_bought_when_z_is_low() -> None:
    (trade,) = quick_check(tape_of([-z for z in IN_OUT], **legs_of_golden()), NINE).trades
    assert (trade.side, trade.quantity_y, trade.quantity_x) == pytest.approx((1, 60.0, -60.0))
    assert (trade.gross, trade.net) == pytest.approx((-120.0, -129.0))


def test_a_negative_ratio_trades_both_legs_the_same_way() -> None:
    (trade,) = quick_check(tape_of(IN_OUT, ratio=np.full(8, -0.5)), NINE).trades
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-60.0, -60.0))


def test_quantities_are_rounded_down_to_steps() -> None:
    (trade,) = quick_check(tape_of(IN_OUT, step_y=7.0, step_x=0.1), NINE).trades
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-56.0, 60.0))
    assert trade.notional == pytest.approx(56 * 100 + 60 * 50)


def test_no_step_is_lost_to_rounding() -> None:
    (trade,) = quick_check(tape_of(IN_OUT, step_y=0.1, step_x=0.1), Rules(gross=45.0)).trades
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-0.3, 0.3))


def test_less_than_a_step_is_not_traded() -> None:
    check = quick_check(tape_of(IN_OUT, step_x=61.0), NINE)
    assert (check.trades, check.open_trade, check.net) == ((), None, 0.0)
    assert (check.too_small, check.missed) == (2, 0)


def test_the_ratio_stays_as_it_was_at_the_signal() -> None:
    ratio = np.array([9.0, 0.5, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0])
    (trade,) = quick_check(tape_of(IN_OUT, ratio=ratio), NINE).trades
    assert (trade.quantity_y, trade.quantity_x) == pytest.approx((-60.0, 60.0))


@pytest.mark.parametrize(
    ("width_ms", "latency_ms", "slots"),
    [(1_000, 500, 4), (1_000, 0, 3), (5_000, 500, 2), (60_000, 500, 2), (60_000, 58_001, 3), (60_000, 58_000, 2)],
)
def test_a_fill_waits_until_the_bar_is_final_and_the_order_there(width_ms: int, latency_ms: int, slots: int) -> None:
    """D18: the first open at or after the bar's end + 2 s + latency; `slots` after the bar that gave the signal."""
    tape = tape_of(np.full(20, 3.0), width_ms=width_ms)
    check = quick_check(tape, Rules(latency_ms=latency_ms))
    assert check.open_trade is not None
    assert check.open_trade.entered_slot == slots


def test_a_hole_in_time_is_waited_out() -> None:
    opened = np.array([0, 60_000, 600_000, 660_000, 720_000])
    check = quick_check(tape_of(np.full(5, 3.0), opened_ms=opened))
    assert check.open_trade is not None
    assert check.open_trade.entered_ms == 600_000


def test_entry_and_exit_that_meet_in_one_slot_are_not_sent() -> None:
    opened = np.array([0, 60_000, 600_000, 660_000])
    assert quick_check(tape_of([3.0, 0.0, 0.0, 0.0], opened_ms=opened)).fees == 0.0


def test_without_times_a_fill_is_at_the_bar_after_next() -> None:
    (trade,) = quick_check(tape_of(IN_OUT, timed=False)).trades
    assert (trade.entered_slot, trade.left_slot, trade.entered_ms, trade.left_ms) == (3, 6, None, None)


@pytest.mark.parametrize("leg", ["fill_y", "fill_x"])
def test_an_entry_without_one_leg_is_missed_and_asked_again(leg: str) -> None:
    fills = np.full(8, 100.0)
    fills[2] = np.nan
    columns: dict[str, Any] = {leg: fills}
    check = quick_check(tape_of(np.full(8, 3.0), **columns))
    assert check.missed == 1
    assert check.open_trade is not None
    assert check.open_trade.entered_slot == 4


def test_a_missed_entry_is_not_asked_again_when_z_is_back() -> None:
    fills = np.full(8, 100.0)
    fills[3] = np.nan
    check = quick_check(tape_of([0.0, 2.5, 2.5, 1.9, 1.9, 1.9, 1.9, 1.9], fill_y=fills))
    assert (check.missed, check.trades, check.open_trade, check.fees) == (1, (), None, 0.0)


def test_an_exit_is_wanted_until_it_finds_both_legs() -> None:
    z = [0.0, 2.5, 2.5, 2.5, 0.2, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0]
    fills = np.full(11, 100.0)
    fills[6:8] = np.nan
    check = quick_check(tape_of(z, fill_y=fills))
    (trade,) = check.trades
    assert (trade.left_slot, check.missed) == (8, 1)


def test_a_missing_price_is_marked_with_the_last_known_one() -> None:
    columns = legs_of_golden()
    columns["mark_y"][4], columns["fill_y"][4] = np.nan, np.nan
    check = quick_check(tape_of(IN_OUT, **columns), NINE)
    assert check.equity[4] == pytest.approx(-60.0 * 1.0 + 60.0 * -1.0 - 4.5)


def test_an_open_trade_is_marked_and_no_round_trip() -> None:
    columns = {name: values[:6] for name, values in legs_of_golden().items()}
    check = quick_check(tape_of(IN_OUT[:6], **columns), NINE)
    assert check.trades == ()
    assert check.open_trade is not None
    assert (check.open_trade.left_slot, check.open_trade.exit_y, check.open_trade.bars) == (None, 98.0, 2)
    assert (check.net, check.fees) == pytest.approx((235.5, 4.5))
    assert np.isnan(check.win_rate)


def slots_of(check: QuickCheck) -> list[tuple[int, int, int | None]]:
    trades = [*check.trades, *([check.open_trade] if check.open_trade else [])]
    return [(trade.side, trade.entered_slot, trade.left_slot) for trade in trades]


@pytest.mark.parametrize(
    ("z", "trades"),
    [
        ([3, 3, 3, 0, 3, 3, 3, 3, 3, 3], [(-1, 2, 5)]),
        ([3, 3, 3, 0, 3, 3, 0.5, 3, 3, 3], [(-1, 2, 5), (-1, 9, None)]),
        ([3, 3, 3, 0, 3, 3, -0.7, 3, 3, 3], [(-1, 2, 5), (-1, 9, None)]),
        ([3, 3, 3, 0, 0, 0, 1.9, 1.9, 2, 2, 2], [(-1, 2, 5), (-1, 10, None)]),
        ([3, 3, 3, -3, -3, -3, -3, -3, -3], [(-1, 2, 5), (1, 7, None)]),
        ([-3, -3, -3, -0.6, -0.5, 0, 0], [(1, 2, 6)]),
        ([3, 0, 3, 3, 3, 3], [(-1, 2, 3)]),
        ([3, np.nan, np.inf, 3, 0, 0, 0], [(-1, 2, 6)]),
    ],
    ids=[
        "not armed",
        "inside",
        "beyond zero",
        "again",
        "other side",
        "at the level",
        "back before filled",
        "unknown z",
    ],
)
def test_when_it_enters_and_leaves(z: list[float], trades: list[tuple[int, int, int | None]]) -> None:
    assert slots_of(quick_check(tape_of(z))) == trades


@pytest.mark.parametrize("z", [[], [np.nan] * 5, [np.inf, -np.inf]])
def test_without_a_z_nothing_is_said(z: list[float]) -> None:
    check = quick_check(tape_of(z))
    assert check.reason == check.sharpe_reason == f"no z-score in {len(z)} bars"
    assert np.isnan([check.net, check.net_return, check.drawdown, check.sharpe, *check.equity]).all()


def test_prices_that_are_none_are_never_traded() -> None:
    for price in (0.0, -1.0, np.inf, np.nan, 1e-320):
        check = quick_check(tape_of(np.full(9, 3.0), fill_x=np.full(9, price)))
        assert (check.trades, check.open_trade, check.net) == ((), None, 0.0)
        assert check.missed + check.too_small == 4


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"entry": 0.5}, "Entry 0.5 and exit 0.5 do not go together"),
        ({"exit": -0.1}, "Entry 2 and exit -0.1"),
        ({"entry": np.nan}, "Entry nan"),
        ({"fee_bps": -1.0}, "A fee of -1 bps"),
        ({"latency_ms": -1}, "a latency of -1 ms"),
        ({"gross": 0.0}, "A gross notional of 0"),
    ],
)
def test_rules_that_make_no_sense_are_refused(options: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Rules(**options)


def test_a_tape_of_unequal_columns_is_refused() -> None:
    with pytest.raises(ValueError, match=r"have \[7, 8\] rows"):
        tape_of(IN_OUT, ratio=np.ones(7))
    with pytest.raises(ValueError, match="rising order"):
        tape_of([1.0, 2.0], opened_ms=np.array([5, 5]))
