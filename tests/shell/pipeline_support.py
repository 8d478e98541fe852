"""A pair whose ticks, bars and statistics a test feeds by hand: who says what, and what must come out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import numpy as np
import pytest
from django.conf import settings
from django.db import connection
from redis import Redis

from accounts.models import User
from analytics.core.align import align
from analytics.core.scoring.track import score
from analytics.core.windows import Windows
from analytics.follow import params_of
from analytics.models import Pair, PairReport, PairSpec, Snapshot
from analytics.pipeline import Advance
from analytics.points import points_of
from market.core.bars import Ticks
from market.core.types import Timeframe
from market.frames import load_bars
from market.models import Bar, BarCursor, IngestBatch, Instrument
from market.resample import Changes, close_bars
from market.signals import bars_changed
from market.topics import channel_of
from tests.shell.bars_support import commit, make_instrument, some_ticks

WINDOWS = Windows(hedge=30, z=20, correlation=15)
SECONDS = 90


class Recorder:
    """Catches what the bar worker says, so that a test can deliver, lose or repeat it."""

    def __init__(self) -> None:
        self.steps: list[Advance] = []

    def __call__(self, shard: int, changes: Changes, **_: object) -> None:
        self.steps.append(Advance(shard, changes.from_batch, changes.to_batch, changes.watermarks, dict(changes.opens)))


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    bars_changed.disconnect(dispatch_uid="analytics.advance")
    recorder = Recorder()
    bars_changed.connect(recorder)
    yield recorder
    bars_changed.disconnect(recorder)
    from analytics.apps import _on_bars_changed

    bars_changed.connect(_on_bars_changed, dispatch_uid="analytics.advance")


@pytest.fixture
def spec() -> PairSpec:
    spec = make_spec(make_instrument("AAAUSDT"), make_instrument("BBBUSDT"))
    Pair.objects.create(owner=User.objects.create(username="alice", email="alice@example.org"), spec=spec)
    return spec


def make_spec(y: Instrument, x: Instrument, hedge: str = "ols") -> PairSpec:
    return PairSpec.objects.create(
        y=y,
        x=x,
        timeframe=1,
        hedge=hedge,
        hedge_window=WINDOWS.hedge,
        z_window=WINDOWS.z,
        correlation_window=WINDOWS.correlation,
    )


def ticks_of_both(spec: PairSpec, seed: int) -> Ticks:
    legs = [some_ticks(leg, 3 * SECONDS, seed=seed + i, step_ms=700) for i, leg in enumerate((spec.y, spec.x))]
    both = np.concatenate(legs)
    return both[np.argsort(both["traded_ms"], kind="stable")]


def whole(spec: PairSpec) -> list[tuple[object, ...]]:
    """The series computed in one go from the bars in Postgres."""
    watermark = min(cursor.watermarks[spec.y.venue] for cursor in BarCursor.objects.all())
    y, x = (load_bars(leg, 1, 0) for leg in (spec.y_id, spec.x_id))
    first = max(int(y["opened_ms"][0]), int(x["opened_ms"][0]))
    grid = align(
        y,
        x,
        timeframe=Timeframe.S1,
        start_ms=first,
        stop_ms=watermark,
        watermark_ms=watermark,
        symbols=(spec.y.symbol, spec.x.symbol),
    )
    return [
        (p.opened_ms, p.hedge_ratio, p.spread, p.zscore, p.correlation, dict(p.unknown))
        for p in points_of(score(grid, params_of(PairSpec.objects.get(pk=spec.pk))))
    ]


def stored(spec: PairSpec) -> list[tuple[Any, ...]]:
    rows = Snapshot.objects.filter(spec=spec).order_by("opened_at")
    return [
        (round(r.opened_at.timestamp() * 1000), r.hedge_ratio, r.spread, r.zscore, r.correlation, r.unknown)
        for r in rows
    ]


def feed(ticks: Ticks, cuts: list[int]) -> None:
    for part in np.array_split(ticks, sorted(cuts)):
        if len(part):
            commit(part)
            close_bars(0)


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM market_tick")
    for model in (Bar, BarCursor, IngestBatch, Snapshot, PairReport):
        model.objects.all().delete()


@contextmanager
def published(spec: PairSpec, topic: str = "") -> Iterator[list[dict[str, Any]]]:
    """The frames of a spec, or of another topic, that Redis carried meanwhile; complete when the block is left."""
    channel = channel_of(topic or spec.topic)
    frames: list[dict[str, Any]] = []
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    pubsub = client.pubsub()  # type: ignore[no-untyped-call]  # redis-py left it untyped
    pubsub.subscribe(channel)
    assert pubsub.get_message(timeout=10) is not None
    yield frames
    client.publish(channel, "end")
    while (message := pubsub.get_message(timeout=10)) and message["data"] != b"end":
        frames.append(msgspec.json.decode(message["data"]))
    pubsub.close()
    client.close()
