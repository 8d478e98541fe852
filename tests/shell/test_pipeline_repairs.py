"""What a live shard owes when the market changes behind its back: old slots, absent pairs, lost revisions, pauses."""

import numpy as np
import numpy.typing as npt
import pytest

from analytics import follow
from analytics.follow import DEEP_EVERY_S
from analytics.models import Pair, PairSpec, Snapshot
from analytics.pipeline import LiveShard
from market.core.bars import Ticks
from market.resample import close_bars
from tests.shell.bars_support import START, commit, make_instrument, some_ticks
from tests.shell.pipeline_support import Recorder, feed, published, stored, ticks_of_both, whole

pytestmark = pytest.mark.django_db


def held_back(ticks: Ticks, until_ms: int) -> npt.NDArray[np.bool_]:
    """Every third tick up to a time: what a back-fill brings later."""
    held: npt.NDArray[np.bool_] = (ticks["traded_ms"] < until_ms) & (np.arange(len(ticks)) % 3 == 1)
    return held


def test_old_slots_that_wait_are_computed_by_the_sweep_when_the_market_goes_quiet(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "DEEP_SLOTS", 20)
    ticks = ticks_of_both(spec, 10)
    held = held_back(ticks, START + 10_000)
    now = [100.0]
    shard = LiveShard(0, clock=lambda: now[0])
    feed(ticks[~held], [])
    shard.advance(recorder.steps[-1])
    feed(ticks[held], [])
    shard.advance(recorder.steps[-1])
    assert stored(spec) != whole(spec), "the old slots were not put off, so this test shows nothing"
    now[0] += DEEP_EVERY_S
    shard.sweep()
    assert stored(spec) == whole(spec)


def test_a_pair_that_comes_back_has_the_revisions_it_missed(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 11)
    held = held_back(ticks, START + 60_000)
    feed(ticks[~held], [])
    shard = LiveShard(0)
    shard.advance(recorder.steps[-1])
    pair = Pair.objects.get()
    pair.delete()
    feed(ticks[held], [])
    shard.advance(recorder.steps[-1])
    Pair.objects.create(owner=pair.owner, spec=spec)
    shard.start()
    assert stored(spec) == whole(spec)


def test_after_a_lost_revision_the_figures_are_those_of_the_newest_bar(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 12)
    held = held_back(ticks, START + 12_000)
    feed(ticks[~held], [])
    LiveShard(0).advance(recorder.steps[-1])
    feed(ticks[held], [])
    with published(spec) as frames:
        LiveShard(0).advance(recorder.steps[-1])
    (frame,) = frames
    newest = stored(spec)[-1]
    assert frame["data"]["points"]["t"][-1] < newest[0], "the newest bar was revised too, so this test shows nothing"
    assert frame["at"] == newest[0] + 1_000
    assert (frame["data"]["now"]["spread"], frame["data"]["now"]["z"]) == (newest[2], newest[3])
    assert frame["data"]["unknown"] == newest[5]


def test_a_venue_that_is_not_recorded_stands_still(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 14), [])
    shard = LiveShard(0)
    shard.advance(recorder.steps[-1])
    before = stored(spec)
    commit(some_ticks(make_instrument("AAAUSDT", "other"), 20), watermark_ms=START + 600_000, venue="other")
    close_bars(0)
    assert shard.advance(recorder.steps[-1]) == 0
    assert stored(spec) == before


def test_messages_that_are_always_on_their_way_do_not_make_the_shard_begin_anew(
    spec: PairSpec, recorder: Recorder
) -> None:
    ticks = np.array_split(ticks_of_both(spec, 15), 6)
    feed(ticks[0], [])
    shard = LiveShard(0)
    shard.advance(recorder.steps[-1])
    warm = shard.progress[spec.pk]
    for part in ticks[1:]:
        feed(part, [])
        shard.sweep()
        shard.advance(recorder.steps[-1])
    assert shard.progress[spec.pk] is warm
    assert stored(spec) == whole(spec)


def test_a_long_pause_costs_one_series_and_no_more(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow, "SERIES", 40)
    ticks = ticks_of_both(spec, 13)
    feed(ticks[:200], [])
    shard = LiveShard(0)
    shard.advance(recorder.steps[-1])
    before = Snapshot.objects.count()
    late = ticks[200:].copy()
    late["traded_ms"] += 600_000
    feed(late, [])
    shard.advance(recorder.steps[-1])
    assert 0 < Snapshot.objects.count() - before <= 42
