"""The Celery application: queues by shard, and the sweeps of beat.

A sweep repeats what a lost message should have started, so no message has to arrive (docs/decisions.md).
"""

import os
from typing import Any

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")

SWEEP_S = 5.0

app = Celery("livepairs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_configure.connect
def _schedule(sender: Celery, **_: Any) -> None:
    from django.conf import settings

    def every(seconds: float, name: str, queue: str, *args: int) -> dict[str, Any]:
        # A sweep that was not run before the next one is due gives way to it
        options = {"queue": queue, "expires": seconds}
        return {"task": name, "schedule": seconds, "args": args, "options": options}

    bars = {
        f"bars.{shard}": every(SWEEP_S, "market.tasks.close_bars", f"bars.{shard}", shard)
        for shard in range(settings.BAR_SHARDS)
    }
    live = {
        f"live.{shard}": every(SWEEP_S, "analytics.tasks.sweep", f"live.{shard}", shard)
        for shard in range(settings.LIVE_SHARDS)
    }
    days = {"days": every(3600.0, "market.tasks.maintain_days", "jobs")}
    leases = {"leases": every(3600.0, "analytics.tasks.end_leases", "jobs")}
    removals = {"removals": every(3600.0, "accounts.tasks.remove_accounts", "jobs")}
    sender.conf.beat_schedule = bars | live | days | leases | removals
