"""The last price of each instrument, conflated for the eye; and the state of the feed. Redis may be away."""

import logging
import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from redis.asyncio import Redis
from redis.exceptions import RedisError

from market.topics import channel_of, encode
from market.venues.base import Rows

logger = logging.getLogger(__name__)

#: At most four prices a second
INTERVAL = 0.25
FEED_TOPIC = "feed"


class Publisher:
    """Keeps only the newest price per instrument; `step` sends those that changed."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(url, socket_timeout=1.0, socket_connect_timeout=1.0)
        self._latest: dict[int, tuple[int, dict[str, Any]]] = {}
        self._changed: set[int] = set()
        self._sent: dict[int, int] = {}
        self._feed_ms: int | None = None
        self._is_away = False

    def offer(self, rows: Rows, received_ms: int) -> None:
        """Take the newest tick of each instrument of a batch in order of arrival."""
        if not len(rows):
            return
        instruments, last = np.unique(rows["instrument"][::-1], return_index=True)
        for instrument, index in zip(instruments.tolist(), (len(rows) - 1 - last).tolist(), strict=True):
            row = rows[index]
            trade_id = int(row["trade_id"])
            if trade_id > self._latest.get(instrument, (-1, {}))[0]:
                data = {
                    "price": float(row["price"]),
                    "size": float(row["size"]),
                    "trade_id": trade_id,
                    "ms": int(row["traded_ms"]),
                    "received_ms": received_ms,
                }
                self._latest[instrument] = trade_id, data
                self._changed.add(instrument)

    async def step(self, names: Mapping[int, str]) -> int:
        """Publish what changed since the last step; how many prices."""
        changed, self._changed = self._changed, set()
        frames = {}
        for instrument in changed:
            if instrument in names:
                trade_id, data = self._latest[instrument]
                topic = f"price.{names[instrument]}"
                data = {**data, "published_ms": _now_ms()}
                prev = self._sent.get(instrument)
                frames[topic] = encode(topic, seq=trade_id, prev=prev, at=data["ms"], kind="delta", data=data)
                self._sent[instrument] = trade_id
        await self.publish(frames)
        return len(frames)

    async def publish_feed(self, data: dict[str, Any]) -> None:
        now_ms = _now_ms()
        frame = encode(FEED_TOPIC, seq=now_ms, prev=self._feed_ms, at=now_ms, kind="snapshot", data=data)
        self._feed_ms = now_ms
        await self.publish({FEED_TOPIC: frame})

    async def publish(self, frames: Mapping[str, str]) -> None:
        """Frames by topic; without Redis they are lost."""
        if not frames:
            return
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                for topic, frame in frames.items():
                    pipeline.publish(channel_of(topic), frame)
                await pipeline.execute()
            self._is_away = False
        except (RedisError, OSError) as error:
            if not self._is_away:
                logger.warning("Redis is away, prices are not pushed; recording goes on: %s", error)
            self._is_away = True

    async def close(self) -> None:
        await self._redis.aclose()


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
