"""Bars of a greater width out of smaller ones: as if made from the ticks."""

import numpy as np
import pytest

from market.core.bars import resample
from market.core.coarsen import coarsen, source_for, width_for
from market.core.types import TICK_DTYPE, BarFlag, Timeframe


def ticks(n: int = 4_000) -> np.ndarray:
    random = np.random.default_rng(5)
    rows = np.zeros(n, TICK_DTYPE)
    rows["trade_id"] = np.arange(n)
    rows["traded_ms"] = 3_600_000_000 + np.sort(random.integers(0, 1_800_000, n))
    rows["price"] = 100 + np.cumsum(random.normal(0, 0.1, n))
    rows["size"] = 1.0
    return rows


def test_coarse_bars_are_those_of_the_ticks() -> None:
    found = coarsen(resample(ticks(), Timeframe.S5), 60_000, Timeframe.S5)
    expected = resample(ticks(), Timeframe.M1)
    for name in ("opened_ms", "open", "high", "low", "close", "trades", "first_id", "last_id"):
        assert found[name].tolist() == expected[name].tolist(), name
    np.testing.assert_allclose(found["volume"], expected["volume"])


def test_flags_tell_what_any_and_all_of_them_say() -> None:
    bars = resample(ticks(), Timeframe.M1)[:10]
    bars["flags"] = BarFlag.FINAL
    bars["flags"][1] |= BarFlag.GAP
    bars["flags"][7] = 0
    found = coarsen(bars, 300_000, Timeframe.M1)
    assert [bool(flags & BarFlag.GAP) for flags in found["flags"]] == [True, False]
    assert [bool(flags & BarFlag.FINAL) for flags in found["flags"]] == [True, False]


def test_a_bar_whose_end_is_not_reached_still_forms() -> None:
    bars = resample(ticks(), Timeframe.M1)[:7]
    bars["flags"] = BarFlag.FINAL
    assert [bool(flags & BarFlag.FINAL) for flags in coarsen(bars, 300_000, Timeframe.M1)["flags"]] == [True, False]


@pytest.mark.parametrize("timeframe", list(Timeframe))
@pytest.mark.parametrize("span", [60_000, 3_600_000, 86_400_000 * 7, 86_400_000 * 900])
@pytest.mark.parametrize("most", [3, 100, 1_500])
def test_the_width_fits_and_can_be_made(timeframe: Timeframe, span: int, most: int) -> None:
    width = width_for(span, most, timeframe)
    assert width % timeframe.ms == 0
    assert span // width + 2 <= most
    source = source_for(width, timeframe)
    assert source >= timeframe
    assert width % source.ms == 0
