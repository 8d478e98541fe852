"""Bars of a topic: snapshot + frames = fresh snapshot, with late ticks, lost frames and listeners that come and go."""

from typing import Any

import msgspec
import numpy as np
import pytest
from django.conf import settings
from redis import Redis

from analytics.bar_frames import BarFrames
from analytics.models import PairSpec
from analytics.topics import topic_frame
from market.models import Bar
from market.resample import Changes, close_bars
from market.signals import bars_changed
from market.topics import channel_of
from tests.shell.bars_support import commit
from tests.shell.pipeline_support import Recorder, ticks_of_both

pytestmark = pytest.mark.django_db


class Reader:
    """What a page knows of the topic, by the rules of docs/live-api.md."""

    def __init__(self, topic: str) -> None:
        self.topic = topic
        self.fetches = 0
        self.fetch()

    def fetch(self) -> None:
        frame = msgspec.json.decode(topic_frame(self.topic))
        self.seq, self.rows = frame["seq"], rows(frame)
        self.fetches += 1

    def hear(self, frame: dict[str, Any]) -> None:
        if frame["kind"] == "resync" or frame["prev"] > self.seq:
            self.fetch()
        elif frame["seq"] > self.seq:
            self.rows |= rows(frame)
            self.seq = frame["seq"]


def rows(frame: dict[str, Any]) -> dict[int, tuple[Any, ...]]:
    points = frame["data"]["points"]
    return {t: tuple(values) for t, *values in zip(*points.values(), strict=True)}


class Wire:
    """A listener on the topic's channel, by hand."""

    def __init__(self, topic: str) -> None:
        self._client = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
        self._pubsub = self._client.pubsub()  # type: ignore[no-untyped-call]  # redis-py left it untyped
        self._pubsub.subscribe(channel_of(topic))
        assert self._pubsub.get_message(timeout=10) is not None

    def next(self) -> dict[str, Any]:
        message = self._pubsub.get_message(timeout=10)
        assert message is not None
        frame: dict[str, Any] = msgspec.json.decode(message["data"])
        return frame

    def close(self) -> None:
        self._pubsub.close()
        self._client.close()


def test_snapshot_and_frames_are_the_fresh_snapshot(spec: PairSpec, recorder: Recorder) -> None:
    topic = f"bars.{spec.y}@5s"
    frames = BarFrames()
    seen: list[Changes] = []

    def keep(changes: Changes, **_: object) -> None:
        seen.append(changes)

    bars_changed.connect(keep)
    ticks = ticks_of_both(spec, 8)
    # Ticks that come late change bars that were told
    held = slice(60, 90)
    parts = np.array_split(np.concatenate([np.delete(ticks, np.r_[held]), ticks[held]]), 12)
    commit(parts[0])
    close_bars(0)
    reader, wire = Reader(topic), Wire(topic)
    kinds = []
    for number, part in enumerate(parts[1:]):
        commit(part)
        close_bars(0)
        frames.publish(seen[-1])
        frame = wire.next()
        kinds.append(frame["kind"])
        # One frame never arrives
        if number != 5:
            reader.hear(frame)
    wire.close()
    bars_changed.disconnect(keep)
    assert kinds == ["resync", *["delta"] * 10]
    assert reader.fetches == 3
    assert reader.rows == Reader(topic).rows
    assert len(reader.rows) == Bar.objects.filter(instrument=spec.y, timeframe=5).count()


def test_without_a_listener_nothing_is_read_or_sent(spec: PairSpec, recorder: Recorder) -> None:
    changes = Changes(0, 1, {}, None, 0, {(spec.y_id, 5): 0})
    assert BarFrames().publish(changes) == 0


def test_the_forming_bar_is_told_as_such(spec: PairSpec, recorder: Recorder) -> None:
    commit(ticks_of_both(spec, 9))
    close_bars(0)
    found = rows(msgspec.json.decode(topic_frame(f"bars.{spec.y}@1m")))
    flags = [row[-1] for row in found.values()]
    assert [bool(flag & 1) for flag in flags] == [True] * (len(flags) - 1) + [False]
