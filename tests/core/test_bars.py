"""Ticks to bars: by value, against pandas, and online = batch."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from market.core.bars import Ticks, is_final, merge_revision, resample, resample_many, sorted_by_id
from market.core.types import TICK_DTYPE, BarFlag, Timeframe


def ticks_of(rows: list[tuple[int, int, float, float, bool]]) -> Ticks:
    ticks = np.zeros(len(rows), TICK_DTYPE)
    for i, (trade_id, ms, price, size, maker) in enumerate(rows):
        ticks[i] = (trade_id, ms, price, size, 1, maker)
    return ticks


@st.composite
def tick_arrays(draw: st.DrawFn) -> Ticks:
    n = draw(st.integers(1, 120))
    steps = draw(st.lists(st.integers(0, 900), min_size=n, max_size=n))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    ticks = np.zeros(n, TICK_DTYPE)
    ticks["trade_id"] = 1_000 + np.arange(n)
    ticks["traded_ms"] = 1_700_000_000_000 + np.cumsum(steps)
    ticks["price"] = np.round(60_000 + rng.normal(0, 50, n).cumsum(), 1)
    ticks["size"] = np.round(rng.exponential(0.3, n) + 0.001, 3)
    ticks["is_buyer_maker"] = rng.random(n) < 0.5
    return ticks


def test_a_bar_by_value() -> None:
    ticks = ticks_of(
        [
            (7, 1_000, 10.0, 1.0, False),
            (8, 1_400, 12.0, 0.5, True),
            (9, 1_999, 9.0, 2.0, False),
            (10, 2_000, 11.0, 1.0, True),
        ]
    )
    first, second = resample(ticks, Timeframe.S1)
    assert (first["open"], first["high"], first["low"], first["close"]) == (10.0, 12.0, 9.0, 9.0)
    assert (first["volume"], first["quote_volume"], first["buy_volume"], first["trades"]) == (3.5, 34.0, 3.0, 3)
    assert (first["first_id"], first["last_id"], first["first_ms"], first["last_ms"]) == (7, 9, 1_000, 1_999)
    assert (second["opened_ms"], second["open"], second["buy_volume"]) == (2_000, 11.0, 0.0)


def test_open_and_close_follow_the_ids_not_the_times() -> None:
    ticks = ticks_of([(1, 1_500, 10.0, 1.0, False), (2, 1_200, 11.0, 1.0, False)])
    (bar,) = resample(ticks, Timeframe.S1)
    assert (bar["open"], bar["close"], bar["first_ms"], bar["last_ms"]) == (10.0, 11.0, 1_200, 1_500)


@given(tick_arrays(), st.sampled_from(list(Timeframe)))
@settings(max_examples=60, deadline=None)
def test_bars_equal_pandas(ticks: Ticks, timeframe: Timeframe) -> None:
    bars = resample(ticks, timeframe)
    frame = pd.DataFrame({name: ticks[name] for name in TICK_DTYPE.names or ()})
    frame["quote"] = frame.price * frame["size"]
    groups = frame.groupby(frame.traded_ms // timeframe.ms * timeframe.ms)
    np.testing.assert_array_equal(bars["opened_ms"], list(groups.groups))
    for column, expected in {
        "open": groups.price.first(),
        "high": groups.price.max(),
        "low": groups.price.min(),
        "close": groups.price.last(),
        "trades": groups.price.count(),
        "first_id": groups.trade_id.min(),
        "last_id": groups.trade_id.max(),
    }.items():
        np.testing.assert_array_equal(bars[column], expected, err_msg=column)
    np.testing.assert_allclose(bars["volume"], groups["size"].sum(), rtol=1e-12)
    np.testing.assert_allclose(bars["quote_volume"], groups.quote.sum(), rtol=1e-12)


@given(tick_arrays(), st.lists(st.integers(0, 120), max_size=6), st.sampled_from([Timeframe.S1, Timeframe.M1]))
@settings(max_examples=80, deadline=None)
def test_online_equals_batch_bit_for_bit(ticks: Ticks, cuts: list[int], timeframe: Timeframe) -> None:
    batch = resample(ticks, timeframe)
    known = np.zeros(0, batch.dtype)
    for start, stop in pairwise(sorted({0, len(ticks), *[c for c in cuts if c < len(ticks)]})):
        part = resample(ticks[start:stop], timeframe, start=known)
        kept = known[~np.isin(known["opened_ms"], part["opened_ms"])]
        known = np.sort(np.concatenate([kept, part]), order="opened_ms")
    assert known.tobytes() == batch.tobytes()


@given(tick_arrays(), st.integers(0, 120))
@settings(max_examples=40, deadline=None)
def test_sums_are_additive_over_splits(ticks: Ticks, cut: int) -> None:
    whole = resample(ticks, Timeframe.H1)
    parts = [resample(part, Timeframe.H1) for part in (ticks[:cut], ticks[cut:]) if len(part)]
    assert sum(part["trades"].sum() for part in parts) == whole["trades"].sum()
    np.testing.assert_allclose(sum(part["volume"].sum() for part in parts), whole["volume"].sum(), rtol=1e-12)


def test_an_older_tick_is_refused_not_folded_in() -> None:
    ticks = ticks_of([(5, 1_000, 10.0, 1.0, False), (7, 1_100, 11.0, 1.0, False)])
    bars = resample(ticks, Timeframe.S1)
    with pytest.raises(ValueError, match="recompute"):
        resample(ticks_of([(6, 1_050, 10.5, 1.0, False)]), Timeframe.S1, start=bars)


def test_unsorted_ticks_are_refused_and_sorted_by_id_mends_them() -> None:
    ticks = ticks_of([(2, 1_000, 10.0, 1.0, False), (1, 1_000, 11.0, 1.0, False)])
    with pytest.raises(ValueError, match="sorted_by_id"):
        resample(ticks, Timeframe.S1)
    assert resample(sorted_by_id(ticks), Timeframe.S1)["open"][0] == 11.0


def test_a_bar_is_final_when_the_watermark_is_two_seconds_past_its_end() -> None:
    opened = np.array([0, 1_000, 2_000])
    assert is_final(opened, Timeframe.S1, 3_999).tolist() == [True, False, False]
    assert is_final(opened, Timeframe.S1, 4_000).tolist() == [True, True, False]


def test_a_changed_final_bar_gets_a_new_revision_and_an_equal_one_does_not() -> None:
    ticks = ticks_of([(1, 1_000, 10.0, 1.0, False), (3, 2_000, 12.0, 1.0, False)])
    old = resample(ticks, Timeframe.S1)
    old["flags"] = BarFlag.FINAL
    late = ticks_of(
        [(1, 1_000, 10.0, 1.0, False), (2, 1_500, 11.0, 1.0, False), (3, 2_000, 12.0, 1.0, False)],
    )
    merged = merge_revision(old, resample(late, Timeframe.S1))
    assert merged["revision"].tolist() == [1, 0]
    assert merged["flags"].tolist() == [BarFlag.FINAL, BarFlag.FINAL]


@given(st.lists(tick_arrays(), min_size=1, max_size=4), st.sampled_from([1, 40_000]))
@settings(max_examples=40, deadline=None)
def test_many_instruments_at_once_equal_each_alone(parts: list[Ticks], first: int) -> None:
    for i, part in enumerate(parts):
        part["instrument"] = first + i
    mixed = np.concatenate(parts)
    mixed = mixed[np.argsort(mixed["traded_ms"], kind="stable")]
    owners, bars = resample_many(mixed, Timeframe.S5)
    for i, part in enumerate(parts):
        assert bars[owners == first + i].tobytes() == resample(part, Timeframe.S5).tobytes()
    assert np.all(np.diff(owners) >= 0)


def test_a_time_that_runs_back_finds_its_older_bar() -> None:
    ticks = ticks_of([(1, 5_000, 10.0, 1.0, False), (2, 1_000, 9.0, 1.0, False), (3, 5_500, 12.0, 1.0, False)])
    bars = resample(ticks, Timeframe.S1)
    assert bars["opened_ms"].tolist() == [1_000, 5_000]
    assert (bars["trades"].tolist(), bars["close"].tolist()) == ([1, 2], [9.0, 12.0])


def test_no_ticks_give_no_bars() -> None:
    assert len(resample(np.zeros(0, TICK_DTYPE), Timeframe.S1)) == 0
    assert len(resample_many(np.zeros(0, TICK_DTYPE), Timeframe.S1)[1]) == 0
