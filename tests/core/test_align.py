import numpy as np
import pytest

from analytics.core.align import NO_TICK, SlotState, align, carry_ms
from market.core.types import BarFlag, Timeframe
from tests.core.pairs import FOREVER, bars_of, grid_of

CLOSES = np.arange(1.0, 21.0)


def but(*gaps: int) -> list[bool]:
    return [slot not in gaps for slot in range(len(CLOSES))]


def test_a_quiet_leg_is_carried_for_five_seconds_then_missing() -> None:
    grid = grid_of(bars_of(CLOSES, keep=but(*range(3, 20))), bars_of(CLOSES), 10)
    # the last tick is at 2.5 s; the slot that ends at 7 s is 4.5 s younger, the one that ends at 8 s is too late
    assert grid.state.tolist() == [0, 0, 0, 1, 1, 1, 1, 4, 4, 4]
    assert grid.y[3:7].tolist() == [3.0] * 4
    assert np.isnan(grid.y[7:]).all()
    assert grid.x[7:].tolist() == [8.0, 9.0, 10.0]


def test_the_reason_names_the_leg_and_its_age() -> None:
    grid = grid_of(bars_of(CLOSES, keep=but(*range(3, 20))), bars_of(CLOSES), 10)
    assert grid.reason == "stale:ETHUSDT 7.5 s"
    assert grid.why_missing(5) == ""


def test_of_two_stale_legs_the_older_is_named() -> None:
    grid = grid_of(bars_of(CLOSES[:4]), bars_of(CLOSES[:2]), 15)
    assert grid.reason == "stale:BTCUSDT 13.5 s"


def test_each_filled_leg_is_flagged() -> None:
    grid = grid_of(bars_of(CLOSES, keep=but(4, 6)), bars_of(CLOSES, keep=but(5, 6)), 8)
    assert grid.state.tolist() == [0, 0, 0, 0, SlotState.FILLED_Y, SlotState.FILLED_X, SlotState.FILLED_BOTH, 0]


@pytest.mark.parametrize(
    ("timeframe", "most"),
    [(Timeframe.S1, 5_000), (Timeframe.S15, 15_000), (Timeframe.M1, 60_000), (Timeframe.H1, 60_000)],
)
def test_how_long_a_price_is_carried(timeframe: Timeframe, most: int) -> None:
    assert carry_ms(timeframe) == most


def test_an_hourly_bar_is_never_carried() -> None:
    y = bars_of(CLOSES[:3], timeframe=Timeframe.H1, keep=[True, False, True])
    x = bars_of(CLOSES[:3], timeframe=Timeframe.H1)
    hours = 3 * Timeframe.H1.ms
    grid = align(y, x, timeframe=Timeframe.H1, start_ms=0, stop_ms=hours, watermark_ms=FOREVER)
    assert grid.state.tolist() == [0, SlotState.MISSING, 0]


def test_a_bar_before_the_range_serves_the_carry() -> None:
    grid = grid_of(bars_of(CLOSES[:5]), bars_of(CLOSES), 8, start=6)
    assert grid.state.tolist() == [SlotState.FILLED_Y, SlotState.FILLED_Y]
    assert grid.last_y_ms.tolist() == [4_500, 4_500]
    assert grid.first == -6


def test_a_leg_that_never_traded_says_so() -> None:
    grid = grid_of(bars_of([]), bars_of(CLOSES), 3)
    assert grid.reason == "no trade yet:ETHUSDT"
    assert grid.last_y_ms.tolist() == [NO_TICK] * 3


def test_bars_that_are_not_final_do_not_count() -> None:
    y = bars_of(CLOSES)
    y["flags"][2] = BarFlag.GAP
    assert grid_of(y, bars_of(CLOSES), 4).state.tolist() == [0, 0, SlotState.FILLED_Y, 0]


def test_slots_close_two_seconds_after_their_end() -> None:
    legs = bars_of(CLOSES), bars_of(CLOSES)
    lengths = [
        len(align(*legs, timeframe=Timeframe.S1, start_ms=0, stop_ms=9_000, watermark_ms=watermark))
        for watermark in (0, 2_999, 3_000, 3_999, 4_000, 11_000, 60_000)
    ]
    assert lengths == [0, 0, 1, 1, 2, 9, 9]


def test_first_is_the_slot_where_both_legs_have_data() -> None:
    grid = grid_of(bars_of(CLOSES, keep=but(0, 1)), bars_of(CLOSES, keep=but(0, 1, 2, 3)), 8)
    assert grid.first == 4
    assert grid_of(bars_of(CLOSES), bars_of(CLOSES), 8, start=5, first_ms=3_000).first == -2


def test_a_start_between_two_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="1500 is not the open of a 1s bar"):
        align(bars_of(CLOSES), bars_of(CLOSES), timeframe=Timeframe.S1, start_ms=1_500, stop_ms=9_000, watermark_ms=0)


def test_bars_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="ETHUSDT are not in rising order"):
        grid_of(bars_of(CLOSES)[::-1], bars_of(CLOSES), 4)
