"""Bars of a topic: snapshot + frames = fresh snapshot, with late ticks, lost frames, restarts and pauses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.bar_frames import MOST, BarFrames
from analytics.frames import Frame, Merge, fold
from analytics.models import PairSpec
from analytics.topics import topic_frame
from analytics.topics.base import MOST_POINTS
from market.core.types import BarFlag
from market.models import Bar, Gap
from market.resample import Changes, close_bars
from market.signals import bars_changed
from tests.shell.bars_support import START, commit, some_ticks
from tests.shell.pipeline_support import Recorder, clear, ticks_of_both
from tests.shell.wire import listening

pytestmark = pytest.mark.django_db

Rows = dict[int, tuple[Any, ...]]


class Reader:
    """What a page knows of the topic, by the rules of docs/live-api.md."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.seq: int | None = None
        self.rows: Rows = {}
        self.fetches = 0
        self.fetch()

    def fetch(self) -> None:
        frame = msgspec.json.decode(topic_frame(self.topic, since=self.seq))
        self.rows = rows(frame) if frame["kind"] == "snapshot" else self.rows | rows(frame)
        self.seq = frame["seq"]
        self.fetches += 1

    def hear(self, frame: dict[str, Any]) -> None:
        assert self.seq is not None
        if frame["kind"] == "resync" or frame["prev"] > self.seq:
            self.fetch()
        elif frame["seq"] > self.seq:
            self.rows |= rows(frame)
            self.seq = frame["seq"]


def rows(frame: dict[str, Any]) -> Rows:
    points = frame["data"]["points"]
    return {t: tuple(values) for t, *values in zip(*points.values(), strict=True)}


@dataclass
class Desk:
    """The bar worker's steps, told by hand; what Redis carries is taken off the wire."""

    seen: list[Changes] = field(default_factory=list)
    frames: BarFrames = field(default_factory=BarFrames)

    def __call__(self, changes: Changes, **_: object) -> None:
        self.seen.append(changes)

    def step(self, ticks: Any) -> int:
        """One commit, its bars, and their frames; how many."""
        commit(ticks)
        close_bars(0)
        return self.frames.publish(self.seen[-1])


@pytest.fixture
def desk(recorder: Recorder) -> Iterator[Desk]:
    desk = Desk()
    bars_changed.connect(desk)
    yield desk
    bars_changed.disconnect(desk)


@given(
    seed=st.integers(0, 1_000),
    cuts=st.lists(st.integers(1, 500), min_size=3, max_size=10),
    lost=st.sets(st.integers(0, 10)),
    unheard=st.sets(st.integers(0, 10)),
    restarts=st.sets(st.integers(0, 10)),
    late=st.booleans(),
    slow=st.booleans(),
    label=st.sampled_from(["1s", "5s", "1m"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_snapshot_and_frames_are_the_fresh_snapshot(
    spec: PairSpec,
    desk: Desk,
    seed: int,
    cuts: list[int],
    lost: set[int],
    unheard: set[int],
    restarts: set[int],
    late: bool,
    slow: bool,
    label: str,
) -> None:
    clear()
    topic = f"bars.{spec.y}@{label}"
    ticks = ticks_of_both(spec, seed)
    if late:
        held = slice(60, 90)
        ticks = np.concatenate([np.delete(ticks, np.r_[held]), ticks[held]])
    parts = [part for part in np.array_split(ticks, sorted(cuts)) if len(part)]
    desk.frames = BarFrames()
    desk.step(parts[0])
    reader = Reader(topic)
    waiting: list[Frame] = []
    for number, part in enumerate(parts[1:]):
        if number in restarts:
            desk.frames = BarFrames()
        if number in unheard:
            desk.step(part)
            continue
        with listening(topic) as wire:
            is_told = desk.step(part)
            frame = wire.next() if is_told else None
        if frame is None or number in lost:
            continue
        waiting.append(Frame(msgspec.json.encode(frame).decode(), Merge.POINTS))
        if not slow:
            reader.hear(frame)
    if slow and waiting:
        reader.hear(msgspec.json.decode(fold(waiting).text))
    # What was lost last is learnt of by whatever comes next
    with listening(topic) as wire:
        desk.step(last_tick(spec, ticks))
        reader.hear(wire.next())
    assert reader.rows == Reader(topic).rows
    assert len(reader.rows) == Bar.objects.of(spec.y_id, {"1s": 1, "5s": 5, "1m": 60}[label]).count()


def last_tick(spec: PairSpec, ticks: Any) -> Any:
    own = ticks[ticks["instrument"] == spec.y_id]
    tick = own[-1:].copy()
    tick["trade_id"] = own["trade_id"].max() + 1
    tick["traded_ms"] = ticks["traded_ms"].max() + 1
    return tick


def test_who_listens_all_the_time_fetches_nothing_anew(spec: PairSpec, desk: Desk) -> None:
    topic = f"bars.{spec.y}@5s"
    first, *others = np.array_split(ticks_of_both(spec, 8), 8)
    desk.step(first)
    reader = Reader(topic)
    with listening(topic) as wire:
        for part in others:
            assert desk.step(part) == 1
            frame = wire.next()
            assert frame["kind"] == "delta"
            reader.hear(frame)
    assert reader.fetches == 1
    assert reader.rows == Reader(topic).rows


def test_a_frame_has_the_bars_that_changed_and_no_others(spec: PairSpec, desk: Desk) -> None:
    ticks = ticks_of_both(spec, 8)
    own = ticks[ticks["instrument"] == spec.y_id]
    topic = f"bars.{spec.y}@1s"
    desk.step(np.delete(ticks, np.flatnonzero(ticks["trade_id"] == own["trade_id"][5])))
    with listening(topic) as wire:
        desk.step(own[5:6])
        found = rows(wire.next())
    assert list(found) == [own["traded_ms"][5] // 1_000 * 1_000]


def test_a_gap_that_is_found_later_is_told(spec: PairSpec, desk: Desk) -> None:
    ticks = ticks_of_both(spec, 8)
    topic = f"bars.{spec.y}@1m"
    desk.step(ticks)
    reader = Reader(topic)
    Gap.objects.create(
        instrument=spec.y, first_id=5, last_id=6, first_ms=START + 2_000, last_ms=START + 3_000, cause="jump"
    )
    with listening(topic) as wire:
        desk.step(last_tick(spec, ticks))
        reader.hear(wire.next())
    assert reader.fetches == 1
    assert reader.rows[min(reader.rows)][-1] & BarFlag.GAP


def test_a_step_of_another_worker_is_a_hole(spec: PairSpec, desk: Desk) -> None:
    topic = f"bars.{spec.y}@1m"
    parts = np.array_split(ticks_of_both(spec, 8), 4)
    desk.step(parts[0])
    reader = Reader(topic)
    commit(parts[1])
    close_bars(0)
    with listening(topic) as wire:
        desk.step(parts[2])
        frame = wire.next()
    assert frame["prev"] > (reader.seq or 0)
    reader.hear(frame)
    assert reader.fetches == 2
    assert reader.rows == Reader(topic).rows


def test_many_changed_bars_are_to_be_fetched(spec: PairSpec, desk: Desk) -> None:
    topic = f"bars.{spec.y}@1s"
    ticks = some_ticks(spec.y, 2 * MOST, step_ms=2_000)
    with listening(topic) as wire:
        desk.step(ticks)
        assert wire.next()["kind"] == "resync"


def test_after_a_long_absence_the_series_comes_anew(spec: PairSpec, desk: Desk) -> None:
    topic = f"bars.{spec.y}@1s"
    ticks = some_ticks(spec.y, 400)
    desk.step(ticks[:100])
    short, long = Reader(topic), Reader(topic)
    desk.step(ticks[100:300])
    assert msgspec.json.decode(topic_frame(topic, since=short.seq))["kind"] == "delta"
    ticks["traded_ms"][300:] += MOST_POINTS * 1_000
    desk.step(ticks[300:])
    assert msgspec.json.decode(topic_frame(topic, since=long.seq))["kind"] == "snapshot"


@pytest.mark.parametrize("since", [-1, 2**40])
def test_a_number_that_was_never_told_gets_a_snapshot(spec: PairSpec, desk: Desk, since: int) -> None:
    desk.step(ticks_of_both(spec, 9))
    assert msgspec.json.decode(topic_frame(f"bars.{spec.y}@1s", since=since))["kind"] == "snapshot"


def test_without_a_listener_nothing_is_sent(spec: PairSpec, desk: Desk) -> None:
    assert desk.step(ticks_of_both(spec, 9)) == 0


def test_the_forming_bar_is_told_as_such(spec: PairSpec, desk: Desk) -> None:
    desk.step(ticks_of_both(spec, 9))
    found = rows(msgspec.json.decode(topic_frame(f"bars.{spec.y}@1m")))
    flags = [row[-1] for row in found.values()]
    assert [bool(flag & 1) for flag in flags] == [True] * (len(flags) - 1) + [False]
