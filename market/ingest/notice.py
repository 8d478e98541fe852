"""Tells the bar workers that new ticks are committed; never waits for Redis, never more than once a second a shard."""

import logging
import threading
from collections.abc import Iterable

from celery import current_app
from django.conf import settings

logger = logging.getLogger(__name__)

INTERVAL = 1.0
EXPIRES = 10


class Notice:
    """A thread that sends one task per shard with news. Redis away costs a log line: the sweep of beat repairs it."""

    def __init__(self) -> None:
        self._shards: set[int] = set()
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._stop = threading.Event()
        self._is_away = False
        self._thread = threading.Thread(target=self._run, name="notice", daemon=True)
        self._thread.start()

    def tell(self, instruments: Iterable[int]) -> None:
        """Ticks of these instruments are committed."""
        with self._lock:
            self._shards.update(instrument % settings.BAR_SHARDS for instrument in instruments)
        self._news.set()

    def close(self) -> None:
        self._stop.set()
        self._news.set()
        self._thread.join(timeout=INTERVAL * 3)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._news.wait()
            self._news.clear()
            self._send()
            self._stop.wait(INTERVAL)
        self._send()

    def _send(self) -> None:
        with self._lock:
            shards, self._shards = self._shards, set()
        for shard in sorted(shards):
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
