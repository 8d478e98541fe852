"""Two queues of bars and two of pairs: the same numbers, whatever comes first, late or never."""

import numpy as np
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.models import Pair, PairSpec
from analytics.pipeline import LiveShard
from market.resample import close_bars
from tests.shell.bars_support import commit
from tests.shell.pipeline_support import Recorder, clear, make_spec, stored, ticks_of_both, whole

pytestmark = pytest.mark.django_db


@given(
    seed=st.integers(0, 1_000),
    cuts=st.lists(st.integers(1, 500), max_size=8),
    turns=st.lists(st.sampled_from([0, 1]), max_size=40),
    lost=st.sets(st.integers(0, 20)),
    late=st.booleans(),
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@override_settings(BAR_SHARDS=2, LIVE_SHARDS=2)
def test_legs_on_two_bar_shards_give_the_same_series(
    spec: PairSpec, recorder: Recorder, seed: int, cuts: list[int], turns: list[int], lost: set[int], late: bool
) -> None:
    clear()
    recorder.steps.clear()
    mirror = PairSpec.objects.filter(y=spec.x).first() or make_spec(spec.x, spec.y)
    Pair.objects.get_or_create(owner=Pair.objects.filter(spec=spec)[0].owner, spec=mirror)
    assert {spec.y_id % 2, spec.x_id % 2} == {spec.pk % 2, mirror.pk % 2} == {0, 1}
    ticks = ticks_of_both(spec, seed)
    if late:
        held = slice(100, 140)
        ticks = np.concatenate([np.delete(ticks, np.r_[held]), ticks[held]])
    # The two bar shards read each batch when they get to it, one of them often behind the other
    turn = iter(turns)
    for part in np.array_split(ticks, sorted(cuts)):
        if len(part):
            commit(part)
            close_bars(next(turn, 0))
    while close_bars(0) or close_bars(1):
        pass
    shards = [LiveShard(n, clock=iter(range(0, 100_000, 10)).__next__) for n in (0, 1)]
    for i, step in enumerate(recorder.steps):
        for shard in shards:
            if i not in lost:
                shard.advance(step)
    for shard in shards:
        shard.sweep()
        shard.sweep()
    for each in (spec, mirror):
        assert stored(each) == whole(each)
        assert any(row[3] is not None for row in stored(each))
