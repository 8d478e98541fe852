"""Changed bars to stored statistics: live = one whole computation, whatever was lost, late or restarted."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.models import Pair, PairReport, PairSpec, Snapshot
from analytics.pipeline import LiveShard
from market.resample import close_bars
from tests.shell.bars_support import START, commit
from tests.shell.pipeline_support import Recorder, clear, feed, stored, ticks_of_both, whole

pytestmark = pytest.mark.django_db


@given(
    seed=st.integers(0, 1_000),
    cuts=st.lists(st.integers(1, 500), max_size=8),
    lost=st.sets(st.integers(0, 8)),
    restarts=st.sets(st.integers(0, 8)),
    late=st.booleans(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_live_equals_one_whole_computation_bit_for_bit(
    spec: PairSpec, recorder: Recorder, seed: int, cuts: list[int], lost: set[int], restarts: set[int], late: bool
) -> None:
    clear()
    recorder.steps.clear()
    ticks = ticks_of_both(spec, seed)
    if late:
        held = slice(100, 140)
        ticks = np.concatenate([np.delete(ticks, np.r_[held]), ticks[held]])
    feed(ticks, cuts)
    shard = LiveShard(0, clock=iter(range(0, 10_000, 10)).__next__)
    for i, step in enumerate(recorder.steps):
        if i in restarts:
            shard = LiveShard(0, clock=iter(range(0, 10_000, 10)).__next__)
        if i in lost and i < len(recorder.steps) - 1:
            continue
        shard.advance(step)
    assert stored(spec) == whole(spec)
    assert any(row[3] is not None for row in stored(spec))


def test_the_same_step_twice_changes_nothing(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 3), [200, 400])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    before = stored(spec), PairSpec.objects.get(pk=spec.pk).seq
    assert [shard.advance(step) for step in recorder.steps] == [0] * len(recorder.steps)
    assert (stored(spec), PairSpec.objects.get(pk=spec.pk).seq) == before


def test_a_restart_sends_only_what_is_new(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 4)
    feed(ticks[:500], [250])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    seq = PairSpec.objects.get(pk=spec.pk).seq
    known = {row[0] for row in stored(spec)}
    commit(ticks[500:])
    close_bars(0)
    LiveShard(0).advance(recorder.steps[-1])
    sent = Snapshot.objects.filter(spec=spec, seq__gt=seq)
    assert sent.exists()
    assert {round(row.opened_at.timestamp() * 1000) for row in sent} == {row[0] for row in stored(spec)} - known


def test_every_row_carries_the_number_of_the_message_that_sent_it(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 5), [100, 200, 300, 400])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    newest = PairSpec.objects.get(pk=spec.pk).seq
    assert newest == Snapshot.objects.filter(spec=spec).order_by("-seq")[0].seq
    assert newest > 1


def test_a_new_spec_is_computed_at_once_from_the_bars_there(spec: PairSpec, recorder: Recorder) -> None:
    feed(ticks_of_both(spec, 6), [300])
    assert LiveShard(0).start() == 1
    assert stored(spec) == whole(spec)
    report = PairReport.objects.get(spec=spec)
    assert report.data["hedge"]["method"] == "ols"


def test_the_sweep_finds_a_lost_message(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 9)
    feed(ticks[:400], [200])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    feed(ticks[400:], [])
    assert shard.sweep() == 0
    assert shard.sweep() == 1
    assert stored(spec) == whole(spec)


def test_a_spec_nobody_holds_is_not_computed(spec: PairSpec, recorder: Recorder) -> None:
    Pair.objects.all().delete()
    feed(ticks_of_both(spec, 7), [])
    assert LiveShard(0).advance(recorder.steps[-1]) == 0
    assert not Snapshot.objects.exists()


def test_a_halted_leg_is_unknown_with_its_reason(spec: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(spec, 8)
    halt = START + 40_000
    ticks = ticks[(ticks["instrument"] == spec.y_id) | (ticks["traded_ms"] < halt)]
    feed(ticks, [300])
    shard = LiveShard(0)
    for step in recorder.steps:
        shard.advance(step)
    last = Snapshot.objects.filter(spec=spec).order_by("-opened_at")[0]
    assert last.price_x is None
    assert last.zscore is None
    assert last.unknown["z"].startswith("stale:BBBUSDT")
