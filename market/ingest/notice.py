"""Tells the bar workers that new ticks are committed; never waits for Redis, never more than once a second a shard."""

import logging
import threading

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)

INTERVAL = 1.0
EXPIRES = 10


class Notice:
    """A thread that sends a task to every shard: the commit moved the clock of all of them.

    Redis away costs a log line: the sweep of beat repairs it.
    """

    def __init__(self) -> None:
        self._has_news = False
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._is_away = False
        self._thread = threading.Thread(target=self._run, name="notice", daemon=True)
        self._thread.start()

    def tell(self) -> None:
        """Ticks are committed."""
        self._has_news = True
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        self._thread.join(timeout=INTERVAL * 3)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait()
            self._wake.clear()
            self._send()
            self._stop.wait(INTERVAL)
        self._send()

    def _send(self) -> None:
        if not self._has_news:
            return
        self._has_news = False
        for shard in range(settings.BAR_SHARDS):
            try:
                current_app.send_task(
                    "market.tasks.close_bars", args=[shard], queue=f"bars.{shard}", expires=EXPIRES, retry=False
                )
                self._is_away = False
            except Exception as error:  # owner of the loop: a broker that is away must not stop the record
                if not self._is_away:
                    logger.warning("bar workers could not be told, their sweep will find it: %s", error)
                self._is_away = True
                return
