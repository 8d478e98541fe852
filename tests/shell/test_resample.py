"""Batches to stored bars: only what they touch, late ticks reopen, gaps mark, twice changes nothing."""

from itertools import pairwise

import numpy as np
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from market.core.bars import Bars, resample
from market.core.types import TICK_DTYPE, BarFlag, Timeframe
from market.frames import load_bars
from market.models import Bar, BarCursor, Gap, Instrument
from market.resample import close_bars, recompute
from tests.shell.bars_support import START, commit, make_instrument, some_ticks

pytestmark = pytest.mark.django_db

FACTS = [name for name in resample(np.zeros(0, TICK_DTYPE), Timeframe.S1).dtype.names or () if name != "flags"]


@pytest.fixture
def instrument() -> Instrument:
    return make_instrument("AAAUSDT")


def facts(bars: Bars) -> list[tuple[object, ...]]:
    return [tuple(row[name].item() for name in FACTS if name != "revision") for row in bars]


def stored(instrument: Instrument, timeframe: Timeframe) -> Bars:
    return load_bars(instrument.pk, timeframe, 0)


def test_bars_of_all_timeframes_equal_a_recomputation_bit_for_bit(instrument: Instrument) -> None:
    ticks = some_ticks(instrument, 400)
    for start, stop in pairwise([0, 7, 90, 91, 250, 400]):
        commit(ticks[start:stop])
        assert close_bars(0)
    for timeframe in Timeframe:
        bars = stored(instrument, timeframe)
        assert facts(bars) == facts(resample(ticks, timeframe)), timeframe.label
        assert set(bars["revision"]) == {0}
        again = recompute(instrument.pk, timeframe, START, int(ticks["traded_ms"][-1]))
        assert facts(bars) == facts(again)


def test_the_clock_of_one_venue_closes_no_bar_of_another(instrument: Instrument) -> None:
    ahead = some_ticks(make_instrument("AAAUSDT", "fast"), 50)
    commit(ahead, watermark_ms=START + 3_600_000, venue="fast")
    close_bars(0)
    ticks = some_ticks(instrument, 50)
    for part in np.array_split(ticks, 3):
        commit(part)
        close_bars(0)
    bars = stored(instrument, Timeframe.S1)
    ends = bars["opened_ms"] + 1_000
    assert ((bars["flags"] & BarFlag.FINAL) != 0).tolist() == (ends + 2_000 <= ticks["traded_ms"][-1]).tolist()
    assert set(bars["revision"]) == {0}


@given(st.permutations(list(range(6))), st.integers(0, 1_000))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_arrival_gives_the_same_bars(instrument: Instrument, order: list[int], seed: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM market_tick")
    Bar.objects.all().delete()
    ticks = some_ticks(instrument, 60, seed=seed)
    for i in order:
        commit(ticks[i * 10 : i * 10 + 10])
        close_bars(0)
    for timeframe in (Timeframe.S1, Timeframe.M1, Timeframe.H1):
        assert facts(stored(instrument, timeframe)) == facts(resample(ticks, timeframe))


def test_a_late_tick_reopens_its_bar_with_a_new_revision(instrument: Instrument) -> None:
    ticks = some_ticks(instrument, 50)
    late = 10
    commit(np.delete(ticks, late), watermark_ms=START + 3_600_000)
    close_bars(0)
    opened = ticks["traded_ms"][late] // 1000 * 1000
    before = {int(b["opened_ms"]): b["revision"] for b in stored(instrument, Timeframe.S1)}
    commit(ticks[late : late + 1])
    close_bars(0)
    bars = stored(instrument, Timeframe.S1)
    assert facts(bars) == facts(resample(ticks, Timeframe.S1))
    changed = {int(b["opened_ms"]) for b in bars if b["revision"] != before.get(int(b["opened_ms"]), 0)}
    assert changed <= {int(opened)}
    assert all(flags & BarFlag.FINAL for flags in bars["flags"])
    assert stored(instrument, Timeframe.H1)["revision"][0] == (1 if before else 0)


def test_reading_the_same_batches_again_changes_nothing(instrument: Instrument) -> None:
    commit(some_ticks(instrument, 80), watermark_ms=START + 3_600_000)
    close_bars(0)
    before = stored(instrument, Timeframe.S5).tobytes()
    assert not close_bars(0)
    BarCursor.objects.update(batch_id=0)
    assert close_bars(0)
    assert stored(instrument, Timeframe.S5).tobytes() == before


def test_a_quiet_symbols_bar_is_closed_by_the_ticks_of_another(instrument: Instrument) -> None:
    other = Instrument.objects.create(venue="test", symbol="BBBUSDT")
    quiet = some_ticks(instrument, 1)
    commit(quiet)
    close_bars(0)
    assert not stored(instrument, Timeframe.S1)["flags"][0] & BarFlag.FINAL
    loud = some_ticks(other, 1)
    end = quiet["traded_ms"][0] // 1000 * 1000 + 1_000
    loud["traded_ms"] = end + 1_999
    commit(loud)
    close_bars(0)
    assert not stored(instrument, Timeframe.S1)["flags"][0] & BarFlag.FINAL
    loud["trade_id"], loud["traded_ms"] = 2, end + 2_000
    commit(loud)
    close_bars(0)
    assert stored(instrument, Timeframe.S1)["flags"][0] & BarFlag.FINAL


def test_bars_over_a_known_gap_are_marked_until_it_is_filled(instrument: Instrument) -> None:
    ticks = some_ticks(instrument, 40)
    hole = slice(15, 20)
    first_ms, last_ms = int(ticks["traded_ms"][14]), int(ticks["traded_ms"][20])
    gap = Gap.objects.create(
        instrument=instrument, first_id=16, last_id=20, first_ms=first_ms, last_ms=last_ms, cause=Gap.Cause.JUMP
    )
    commit(np.delete(ticks, np.r_[hole]))
    close_bars(0)
    bars = stored(instrument, Timeframe.S1)
    for bar in bars:
        overlaps = bar["opened_ms"] + 1_000 > first_ms and bar["opened_ms"] <= last_ms
        assert bool(bar["flags"] & BarFlag.GAP) == overlaps
    gap.state = Gap.State.FILLED
    gap.save()
    commit(ticks[hole])
    close_bars(0)
    for timeframe in Timeframe:
        bars = stored(instrument, timeframe)
        assert facts(bars) == facts(resample(ticks, timeframe))
        assert not np.any(bars["flags"] & BarFlag.GAP)
