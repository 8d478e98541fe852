"""Celery tasks of the analytics. One warm `LiveShard` for each shard lives as long as the worker process."""

from typing import Any

from celery import current_app, shared_task
from django.conf import settings

from analytics import leases
from analytics.pipeline import Advance, LiveShard
from market.resample import Changes

_shards: dict[int, LiveShard] = {}


def live_shard(shard: int) -> LiveShard:
    return _shards.setdefault(shard, LiveShard(shard))


@shared_task(name="analytics.tasks.advance")
def advance(shard: int, step: dict[str, Any]) -> None:
    """Bring the specs of one shard up to a step of the bars; an older step gives way."""
    opens = {(instrument, timeframe): opened for instrument, timeframe, opened in step.pop("opens")}
    live_shard(shard).advance(Advance(**step, opens=opens))


@shared_task(name="analytics.tasks.start_spec")
def start_spec(spec_id: int) -> None:
    """Compute a spec for the first time, from the bars that are there."""
    live_shard(spec_id % settings.LIVE_SHARDS).start()


@shared_task(name="analytics.tasks.sweep")
def sweep(shard: int) -> None:
    """Find what a lost message should have started: new specs, and bars that are further than we are."""
    live_shard(shard).sweep()


@shared_task(name="analytics.tasks.end_leases")
def end_leases() -> None:
    """Forget pairs that were only looked at, and not lately."""
    leases.end_leases()


def send_advance(bar_shard: int, changes: Changes, barred_ms: int) -> None:
    """Tell every live shard what changed; a lost message is found by its missing batch number."""
    step = {
        "bar_shard": bar_shard,
        "from_batch": changes.from_batch,
        "to_batch": changes.to_batch,
        "watermarks": changes.watermarks,
        "received_ms": changes.received_ms,
        "committed_ms": changes.committed_ms,
        "barred_ms": barred_ms,
        "opens": [[*key, opened] for key, opened in changes.opens.items()],
    }
    for shard in range(settings.LIVE_SHARDS):
        current_app.send_task(
            "analytics.tasks.advance", args=[shard, step], queue=f"live.{shard}", expires=30, retry=False
        )
