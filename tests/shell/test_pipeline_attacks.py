"""A live shard under attack: each step is delivered, lost or broken as it comes, and the numbers must not show it.

Steps are fed one by one, as a worker gets them: delivered at the end, they would find all bars in Postgres already.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics import follow, pipeline, reports, rings
from analytics.core.hedges import methods
from analytics.core.scoring.params import ScoreParams
from analytics.follow import Follower
from analytics.models import Pair, PairReport, PairSpec, Snapshot
from analytics.pipeline import PARK_S, LiveShard
from analytics.rings import Key, Ring
from analytics.snapshots import Computed
from analytics.stored import memory_before
from analytics.topics import topic_frame
from market.core.bars import Ticks
from market.models import Bar
from market.resample import close_bars
from tests.shell.bars_support import START, commit, some_ticks
from tests.shell.pipeline_support import (
    WINDOWS,
    Recorder,
    clear,
    feed,
    make_spec,
    published,
    stored,
    ticks_of_both,
    whole,
)

pytestmark = pytest.mark.django_db
MEMORY = [name for name in methods() if ScoreParams(WINDOWS, hedge=name).has_memory]
Data = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def play(shard: LiveShard, recorder: Recorder, ticks: Ticks, cuts: list[int]) -> None:
    """Each part committed, made bars of and computed before the next one comes."""
    for part in np.array_split(ticks, sorted(cuts)):
        if len(part):
            feed(part, [])
            shard.advance(recorder.steps[-1])


def halted(spec: PairSpec, seed: int, after_ms: int) -> Ticks:
    """Leg x stops trading; y goes on."""
    ticks = ticks_of_both(spec, seed)
    kept: Ticks = ticks[(ticks["instrument"] == spec.y_id) | (ticks["traded_ms"] < START + after_ms)]
    return kept


def use(spec: PairSpec, hedge: str) -> PairSpec:
    PairSpec.objects.filter(pk=spec.pk).update(hedge=hedge)
    return PairSpec.objects.get(pk=spec.pk)


def newest(spec: PairSpec, count: int) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The newest stored rows, and those of one computation."""
    return stored(spec)[-count:], whole(spec)[-count:]


class Client:
    """What a browser knows of a topic: a snapshot, then deltas, each of which follows on the one before."""

    def __init__(self, topic: str) -> None:
        self.seq, self.at, self.data, self.points = _read(topic_frame(topic))

    def take(self, frame: Data) -> None:
        assert (frame["kind"], frame["prev"]) == ("delta", self.seq)
        self.seq, self.at, data, points = _read(msgspec.json.encode(frame))
        self.points |= points
        self.data |= {key: value for key, value in data.items() if key != "hops"}


def _read(text: str | bytes) -> tuple[int, int, Data, dict[int, list[float | None]]]:
    frame = msgspec.json.decode(text)
    columns = frame["data"].pop("points")
    rows = zip(columns["t"], zip(*list(columns.values())[1:], strict=True), strict=True)
    return frame["seq"], frame["at"], frame["data"], {t: list(values) for t, values in rows}


def assert_knows_all(client: Client, topic: str) -> None:
    fresh = Client(topic)
    assert client.points == fresh.points
    assert client.data == fresh.data
    assert (client.seq, client.at) == (fresh.seq, fresh.at)


@pytest.mark.parametrize("hedge", methods())
def test_a_warm_shard_goes_on_with_the_bits_of_one_computation(spec: PairSpec, recorder: Recorder, hedge: str) -> None:
    spec = use(spec, hedge)
    ticks = ticks_of_both(spec, 31)
    shard = LiveShard(0)
    play(shard, recorder, ticks[:200], [])
    warm = shard.progress[spec.pk].track
    play(shard, recorder, ticks[200:], list(range(3, len(ticks) - 200, 25)))
    assert shard.progress[spec.pk].track is warm, "it began anew, so this test shows nothing"
    assert stored(spec) == whole(spec)


@given(
    seed=st.integers(0, 1_000),
    cuts=st.lists(st.integers(1, 540), min_size=4, max_size=16),
    fates=st.lists(
        st.sampled_from(["lost", "broken", "restart", "sweep", "left", "twice", *["fine"] * 6]), min_size=17
    ),
    late=st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60), st.integers(20, 300)), max_size=3),
    hedge=st.sampled_from(methods()),
)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_steps_the_numbers_are_those_of_one_computation(
    spec: PairSpec,
    recorder: Recorder,
    seed: int,
    cuts: list[int],
    fates: list[str],
    late: list[tuple[int, int, int]],
    hedge: str,
) -> None:
    clear()
    recorder.steps.clear()
    PairSpec.objects.filter(pk=spec.pk).update(started_at=None, seq=0, forming=None)
    spec = use(spec, hedge)
    owner = Pair.objects.get().owner
    order = np.arange(540.0)
    for begin, count, delay in late:
        order[begin : begin + count] += delay
    ticks = ticks_of_both(spec, seed)[np.argsort(order, kind="stable")]
    clock = Clock()
    shard = LiveShard(0, clock=clock)
    with published(spec) as frames:
        client = Client(spec.topic)
        parts = (part for part in np.array_split(ticks, sorted(cuts)) if len(part))
        for part, fate in zip(parts, fates, strict=False):
            clock.now += 2.0
            feed(part, [])
            if fate == "restart":
                shard = LiveShard(0, clock=clock)
            if fate == "left":
                Pair.objects.all().delete()
            if fate != "lost":
                deliver(shard, recorder, fate)
            Pair.objects.get_or_create(owner=owner, spec=spec)
        for _ in range(3):
            clock.now += 10.0
            shard.sweep()
    assert stored(spec) == whole(spec)
    for frame in frames:
        client.take(frame)
    assert_knows_all(client, spec.topic)


def deliver(shard: LiveShard, recorder: Recorder, fate: str) -> None:
    step = recorder.steps[-1]
    with pytest.MonkeyPatch.context() as patch, suppress(ConnectionError):
        if fate == "broken":
            patch.setattr(pipeline, "store", broken)
        shard.advance(step)
    if fate == "twice":
        assert shard.advance(step) == 0
    if fate == "sweep":
        shard.sweep()


def broken(*_: object) -> None:
    raise ConnectionError


def test_a_step_that_is_rolled_back_leaves_nothing_behind(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The track has gone on before the rows are stored: it must not be believed."""
    ticks = ticks_of_both(spec, 32)
    shard = LiveShard(0)
    play(shard, recorder, ticks[:400], [200, 300])
    before = stored(spec), PairSpec.objects.get(pk=spec.pk).seq
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "store", broken)
        with pytest.raises(ConnectionError):
            play(shard, recorder, ticks[400:480], [])
    assert (stored(spec), PairSpec.objects.get(pk=spec.pk).seq) == before
    assert not shard.progress
    play(shard, recorder, ticks[480:], [20])
    assert stored(spec) == whole(spec)


def test_a_snapshot_and_its_deltas_make_a_fresh_snapshot(spec: PairSpec, recorder: Recorder) -> None:
    """Every key of the frame, also while a leg stands still for longer than its price is carried."""
    ticks = halted(spec, 33, 12_000)
    late = slice(60, 75)
    ticks = np.concatenate([np.delete(ticks, np.r_[late]), ticks[late]])
    shard = LiveShard(0)
    play(shard, recorder, ticks[:50], [])
    clients = [Client(spec.topic)]
    with published(spec) as frames:
        for begin, end in pairwise(range(50, len(ticks) + 20, 20)):
            play(shard, recorder, ticks[begin:end], [])
            clients.append(Client(spec.topic))
    at = {client.seq: client for client in clients}
    for client in clients:
        for frame in frames:
            if frame["prev"] == client.seq:
                client.take(frame)
                if client.seq in at and at[client.seq] is not client:
                    assert client.data == at[client.seq].data
        assert_knows_all(client, spec.topic)


def test_a_client_that_was_away_is_told_the_rest(spec: PairSpec, recorder: Recorder) -> None:
    ticks = halted(spec, 34, 60_000)
    shard = LiveShard(0)
    play(shard, recorder, ticks[:150], [])
    clients = [Client(spec.topic)]
    for begin, end in pairwise(range(150, len(ticks) + 60, 60)):
        play(shard, recorder, ticks[begin:end], [])
        clients.append(Client(spec.topic))
    for client in clients:
        client.take(msgspec.json.decode(topic_frame(spec.topic, since=client.seq)))
        assert_knows_all(client, spec.topic)


@pytest.mark.parametrize("way", ["live", "restarted"])
def test_a_leg_that_stands_still_is_as_old_as_its_last_tick(
    spec: PairSpec, recorder: Recorder, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not "no trade yet" once the last tick is older than the bars that a step reads."""
    shard = LiveShard(0)
    play(shard, recorder, halted(spec, 35, 8_000), list(range(20, 300, 9)))
    if way == "restarted":
        monkeypatch.setattr(follow, "SERIES", 5)
        monkeypatch.setattr(follow, "CARRY_LIMIT_MS", 5_000)
        monkeypatch.setattr(ScoreParams, "lookback", property(lambda params: 40))
        Snapshot.objects.all().delete()
        LiveShard(0).start()
    ours, expected = newest(spec, 3)
    assert ours == expected
    last: Data = dict(expected[-1][5])  # type: ignore[call-overload]  # the reasons of a row
    assert last["z"].startswith("stale:BBBUSDT")


def test_history_just_before_a_young_pair_is_taken_up_at_once(spec: PairSpec, recorder: Recorder) -> None:
    """A start that moves back by less than the slots that are recomputed at once."""
    ticks = ticks_of_both(spec, 36)
    young = ticks["traded_ms"] >= START + 30_000
    shard = LiveShard(0, clock=Clock())
    play(shard, recorder, ticks[young], [])
    play(shard, recorder, ticks[~young], [])
    assert stored(spec) == whole(spec)


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_tick_older_than_the_series_is_learnt_by_a_method_with_memory(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, hedge: str
) -> None:
    monkeypatch.setattr(follow, "SERIES", 20)
    spec = use(spec, hedge)
    ticks, late = long_ticks(spec, 37, 120), slice(500, 520)
    clock = Clock()
    shard = LiveShard(0, clock=clock)
    kept = np.delete(ticks, np.r_[late])
    play(shard, recorder, kept, list(range(30, 1_800, 100)))
    clock.now += 10.0
    commit(ticks[late])
    close_bars(0)
    shard.advance(recorder.steps[-1])
    ours, expected = newest(spec, 15)
    assert ours == expected
    again = LiveShard(0)
    Snapshot.objects.filter(spec=spec, memory__isnull=True).delete()
    again.start()
    ours, expected = newest(spec, 15)
    assert ours == expected


def long_ticks(spec: PairSpec, seed: int, seconds: int) -> Ticks:
    """Busy legs: a window of 30 bars without a trade of both in two of them says nothing."""
    legs = [some_ticks(leg, 8 * seconds, seed=seed + i, step_ms=250) for i, leg in enumerate((spec.y, spec.x))]
    both = np.concatenate(legs)
    return both[np.argsort(both["traded_ms"], kind="stable")]


def test_a_state_is_stored_anew_where_its_row_says_nothing(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Holes hide the line, so a revision before them changes no number of the row, but what was learnt."""
    spec = use(spec, "expanding")
    ticks = long_ticks(spec, 38, 400)
    seconds = (ticks["traded_ms"] - START) // 1_000
    quiet = (seconds >= 300) & (seconds < 345) & (ticks["instrument"] == spec.x_id) & (seconds % 7 > 0)
    ticks, late = ticks[~quiet], slice(400, 405)
    play(LiveShard(0), recorder, np.delete(ticks, np.r_[late]), [])
    feed(ticks[late], [])
    LiveShard(0).start()
    hidden = Snapshot.objects.filter(spec=spec, memory__isnull=False, hedge_ratio__isnull=True)
    assert hidden.exists(), "no state stands in a row without a line, so this test shows nothing"
    ours = {row.opened_at: row.memory for row in Snapshot.objects.filter(spec=spec, memory__isnull=False)}
    Snapshot.objects.all().delete()
    LiveShard(0).start()
    assert ours == {row.opened_at: row.memory for row in Snapshot.objects.filter(spec=spec, memory__isnull=False)}


@pytest.mark.parametrize("hedge", MEMORY)
@pytest.mark.parametrize("seconds", [100, 290])
def test_a_pair_that_nobody_held_for_a_while_has_learnt_from_the_pause(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, hedge: str, seconds: int
) -> None:
    """Also a pair so young that its first sums are still formed anew at fixed ages."""
    monkeypatch.setattr(follow, "SERIES", 20)
    monkeypatch.setattr(ScoreParams, "lookback", property(lambda params: params.windows.lookback + 257))
    spec = use(spec, hedge)
    ticks = long_ticks(spec, 39, 700)
    pair = Pair.objects.get()
    shard = LiveShard(0)
    early = ticks["traded_ms"] < START + seconds * 1_000
    play(shard, recorder, ticks[early], list(range(400, int(early.sum()), 400)))
    pair.delete()
    play(shard, recorder, ticks[~early], [])
    assert spec.pk not in shard.progress
    Pair.objects.create(owner=pair.owner, spec=spec)
    shard.start()
    ours, expected = newest(spec, 15)
    assert ours == expected
    assert ours[-1][1] is not None


@pytest.mark.parametrize("hedge", MEMORY)
def test_a_pair_whose_pause_is_no_longer_in_postgres_begins_anew(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, hedge: str
) -> None:
    monkeypatch.setattr(follow, "SERIES", 20)
    spec = use(spec, hedge)
    ticks = long_ticks(spec, 46, 460)
    pair = Pair.objects.get()
    shard = LiveShard(0)
    early = ticks["traded_ms"] < START + 280_000
    play(shard, recorder, ticks[early], list(range(400, int(early.sum()), 400)))
    assert Snapshot.objects.filter(spec=spec, memory__isnull=False).exists()
    pair.delete()
    play(shard, recorder, ticks[~early], [])
    Bar.objects.filter(opened_at__lt=datetime.fromtimestamp(START / 1_000 + 320, UTC)).delete()
    Pair.objects.create(owner=pair.owner, spec=spec)
    shard.start()
    ours, expected = newest(spec, 15)
    assert ours == expected
    assert any(row[1] is not None for row in ours)


@pytest.mark.parametrize("value", [0.1, -1e300, 1e-300, 5e-324, 1 / 3, 2.0**53 + 2, 1_700_000_000.0])
def test_a_state_comes_back_from_postgres_bit_for_bit(spec: PairSpec, recorder: Recorder, value: float) -> None:
    feed(ticks_of_both(spec, 40), [])
    LiveShard(0).start()
    row = Snapshot.objects.filter(spec=spec).order_by("-opened_at")[0]
    Snapshot.objects.filter(pk=row.pk).update(memory=[value, -value])
    known = memory_before(spec, round(row.opened_at.timestamp() * 1_000) + 1_000)
    assert known is not None
    assert known[1].tobytes() == np.array([value, -value]).tobytes()


@pytest.mark.usefixtures("no_reports")
def test_bars_that_nobody_looks_back_on_are_let_go(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feed without a late tick never begins anew: its bars grew by one a slot, for good."""
    monkeypatch.setattr(follow, "SERIES", 20)
    monkeypatch.setattr(follow, "CARRY_LIMIT_MS", 5_000)
    monkeypatch.setattr(ScoreParams, "lookback", property(lambda params: 40))
    ticks = long_ticks(spec, 41, 300)
    shard = LiveShard(0)
    sizes = []
    for part in np.array_split(ticks, 12):
        play(shard, recorder, part, [100, 300])
        shard.sweep()
        sizes.append(max(len(ring.bars) for ring in shard.rings.rings.values()))
    assert max(sizes) < 120
    Pair.objects.all().delete()
    shard.sweep()
    assert not shard.rings.rings


@pytest.fixture
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, "A_STEP", 0)


@pytest.fixture
def wide(spec: PairSpec) -> PairSpec:
    """The legs of `spec` the other way round, with longer windows."""
    wide = make_spec(spec.x, spec.y, "tls")
    PairSpec.objects.filter(pk=wide.pk).update(hedge_window=70, z_window=60, correlation_window=50)
    Pair.objects.create(owner=Pair.objects.get().owner, spec=wide)
    return PairSpec.objects.get(pk=wide.pk)


@override_settings(LIVE_SHARDS=1)
def test_specs_that_share_legs_share_bars_and_nothing_else(
    spec: PairSpec, wide: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Late ticks begin both anew: the one that looks back less must not take bars from the other."""
    monkeypatch.setattr(follow, "SERIES", 20)
    monkeypatch.setattr(follow, "CARRY_LIMIT_MS", 5_000)
    loads: list[Key] = []
    monkeypatch.setattr(rings, "_load", spied(rings._load, loads))
    ticks = long_ticks(spec, 42, 450)
    end = len(ticks) - 400
    clock = Clock()
    shard = LiveShard(0, clock=clock)
    play(shard, recorder, ticks[:end], [500, 1_500])
    order = np.arange(400.0)
    order[40:44] += 120
    for part in np.array_split(ticks[end:][np.argsort(order, kind="stable")], 8):
        clock.now += 10.0
        shard.sweep()
        loads.clear()
        play(shard, recorder, part, [])
        assert loads == []
    assert newest(spec, 15)[0] == newest(spec, 15)[1]
    assert newest(wide, 15)[0] == newest(wide, 15)[1]


def spied(load: Callable[[Key, int], Ring], loads: list[Key]) -> Callable[[Key, int], Ring]:
    def spy(key: Key, reach_ms: int) -> Ring:
        loads.append(key)
        return load(key, reach_ms)

    return spy


@override_settings(LIVE_SHARDS=1)
def test_a_spec_that_cannot_be_computed_does_not_hold_up_the_others(
    spec: PairSpec,
    wide: PairSpec,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    compute, clock = Follower.compute, Clock()

    def refuse(follower: Follower, one: PairSpec, touched: list[int], watermark: int) -> Computed | None:
        if one.pk == wide.pk:
            raise ValueError("no such slots")
        return compute(follower, one, touched, watermark)

    ticks = ticks_of_both(spec, 43)
    shard = LiveShard(0, clock=clock)
    with monkeypatch.context() as patch:
        patch.setattr(Follower, "compute", refuse)
        play(shard, recorder, ticks[:400], [100, 200, 300])
    assert stored(spec) == whole(spec)
    assert not stored(wide)
    assert caplog.text.count("cannot be computed") == 1
    play(shard, recorder, ticks[400:], [50])
    assert not stored(wide)
    clock.now += PARK_S
    shard.sweep()
    assert stored(wide) == whole(wide)


def test_tests_that_fail_do_not_hold_up_the_scores(
    spec: PairSpec, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise np.linalg.LinAlgError("Singular matrix")

    monkeypatch.setattr(reports, "live_report", fail)
    play(LiveShard(0), recorder, ticks_of_both(spec, 44), [150, 400])
    assert stored(spec) == whole(spec)
    report = PairReport.objects.get(spec=spec).data
    assert "the report could not be computed" in msgspec.json.encode(report).decode()
    assert report["hedge"]["ratio"] is None
    assert "cannot be reported on" in caplog.text


@pytest.mark.parametrize("hedge", methods())
def test_a_report_shows_the_score_of_the_series(spec: PairSpec, recorder: Recorder, hedge: str) -> None:
    spec = use(spec, hedge)
    shard = LiveShard(0)
    play(shard, recorder, long_ticks(spec, 45, 60), [100, 400, 700])
    report = PairReport.objects.get(spec=spec).data
    row = next(row for row in stored(spec) if row[0] == report["as_of_ms"] - 1_000)
    assert row[3] is not None
    assert report["zscore"]["value"] == row[3]
