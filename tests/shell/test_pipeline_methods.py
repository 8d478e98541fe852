"""Every hedge method lives through restarts, losses and late ticks; those with memory go on from what is stored."""

import numpy as np
import pytest

from accounts.models import User
from analytics import follow
from analytics.core.hedges import methods
from analytics.core.scoring.params import ScoreParams
from analytics.models import Pair, PairSpec
from analytics.pipeline import LiveShard
from tests.shell.bars_support import START, make_instrument
from tests.shell.pipeline_support import WINDOWS, Recorder, feed, make_spec, stored, ticks_of_both, whole

pytestmark = pytest.mark.django_db
MEMORY = [name for name in methods() if ScoreParams(WINDOWS, hedge=name).has_memory]


@pytest.fixture
def held(request: pytest.FixtureRequest) -> PairSpec:
    spec = make_spec(make_instrument("AAAUSDT"), make_instrument("BBBUSDT"), request.param)
    Pair.objects.create(owner=User.objects.create(username="alice", email="alice@example.org"), spec=spec)
    return spec


def always(step: float = 10.0) -> LiveShard:
    """A shard for which old slots are always due."""
    times = iter(range(0, 1_000_000, int(step)))
    return LiveShard(0, clock=lambda: float(next(times)))


@pytest.mark.parametrize("held", methods(), indirect=True)
def test_live_with_restarts_and_late_ticks_equals_one_computation(held: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(held, 21)
    late = slice(300, 330)
    ticks = np.concatenate([np.delete(ticks, np.r_[late]), ticks[late]])
    feed(ticks, [150, 200, 260, 320, 400, 470, len(ticks) - 30])
    shard = always()
    for at, step in enumerate(recorder.steps):
        if at in (3, 6):
            shard = always()
        if at != 4:
            shard.advance(step)
    assert stored(held) == whole(held)
    assert any(row[3] is not None for row in stored(held)), [row[5] for row in stored(held)][-3:]


@pytest.mark.parametrize("held", MEMORY, indirect=True)
def test_a_restart_goes_on_from_the_stored_state_alone(
    held: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bars at the start may be gone when the worker starts anew."""
    monkeypatch.setattr(follow, "SERIES", 20)
    ticks = ticks_of_both(held, 22)
    feed(ticks[:520], [150, 300])
    shard = always()
    for step in recorder.steps:
        shard.advance(step)
    feed(ticks[520:], [])
    expected = whole(held)
    again = always()
    again.advance(recorder.steps[-1])
    newest = stored(held)[-10:]
    assert newest == expected[-10:]
    assert again.progress[held.pk].track is not shard.progress[held.pk].track


@pytest.mark.parametrize("held", MEMORY, indirect=True)
def test_history_that_comes_while_it_warms_up_moves_the_start_back(held: PairSpec, recorder: Recorder) -> None:
    ticks = ticks_of_both(held, 23)
    young = ticks[ticks["traded_ms"] >= START + 60_000]
    old = ticks[ticks["traded_ms"] < START + 60_000]
    feed(young[young["traded_ms"] < START + 80_000], [])
    shard = always()
    shard.advance(recorder.steps[-1])
    held.refresh_from_db()
    first_start = held.started_at
    soon = (young["traded_ms"] >= START + 80_000) & (young["traded_ms"] < START + 86_000)
    feed(np.concatenate([old, young[soon]]), [])
    feed(young[young["traded_ms"] >= START + 86_000], [])
    for step in recorder.steps[1:]:
        shard.advance(step)
    held.refresh_from_db()
    assert held.started_at is not None
    assert first_start is not None
    assert held.started_at < first_start
    assert stored(held) == whole(held)
