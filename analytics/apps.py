import time
from typing import Any

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"
    verbose_name = "Analytics"

    def ready(self) -> None:
        from accounts import effects
        from analytics.effects import of_locking
        from analytics.own_tables import register_tables
        from market.signals import bars_changed

        if of_locking not in effects.of_locking:
            effects.of_locking.append(of_locking)
        bars_changed.connect(_on_bars_changed, dispatch_uid="analytics.advance")
        register_tables()


def _on_bars_changed(shard: int, changes: Any, **_: Any) -> None:
    from analytics.bar_frames import bar_frames
    from analytics.tasks import send_advance

    send_advance(shard, changes, time.time_ns() // 1_000_000)
    bar_frames(shard).publish(changes)
