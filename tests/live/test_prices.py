"""Last prices and the state of the feed on their way to Redis: conflated, in the order of ids, optional."""

import json
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from redis.asyncio import Redis

from market.prices import Publisher
from tests.core.ingest_rows import ticks
from tests.waiting import await_until

NAMES = {1: "simulated:AAAUSDT", 2: "simulated:BBBUSDT"}


class Listener:
    """Frames of all topics of this test, as a browser would get them."""

    def __init__(self, redis: Redis) -> None:
        self.pubsub = redis.pubsub(ignore_subscribe_messages=True)

    async def next(self) -> dict[str, Any]:
        message = await await_until(self._poll, what="a published frame")
        assert message is not None
        frame: dict[str, Any] = json.loads(message["data"])
        return frame

    async def _poll(self) -> dict[str, Any] | None:
        found: dict[str, Any] | None = await self.pubsub.get_message(timeout=0.1)
        return found


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    redis: Redis = Redis.from_url(settings.REDIS_URL)
    made = Listener(redis)
    await made.pubsub.subscribe("lp:price.simulated:AAAUSDT", "lp:price.simulated:BBBUSDT", "lp:feed")
    yield made
    await made.pubsub.aclose()  # type: ignore[no-untyped-call]  # redis-py left it untyped
    await redis.aclose()


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    made = Publisher(settings.REDIS_URL)
    yield made
    await made.close()


async def test_many_ticks_become_one_price(publisher: Publisher, listener: Listener) -> None:
    publisher.offer(np.concatenate((ticks(1, range(1, 50)), ticks(1, [50], price=7.5))), 123)
    assert await publisher.step(NAMES) == 1
    frame = await listener.next()
    assert (frame["topic"], frame["seq"], frame["prev"], frame["kind"]) == (
        "price.simulated:AAAUSDT",
        50,
        None,
        "delta",
    )
    data = frame["data"]
    assert (data["price"], data["size"], data["trade_id"], data["received_ms"]) == (7.5, 1.0, 50, 123)
    assert data["published_ms"] >= data["received_ms"]


async def test_each_frame_names_the_one_before(publisher: Publisher, listener: Listener) -> None:
    for trade_id in (5, 9):
        publisher.offer(ticks(1, [trade_id]), 0)
        await publisher.step(NAMES)
    assert [(f["seq"], f["prev"]) for f in (await listener.next(), await listener.next())] == [(5, None), (9, 5)]


async def test_a_late_tick_is_no_news(publisher: Publisher) -> None:
    publisher.offer(ticks(1, [9]), 0)
    await publisher.step(NAMES)
    publisher.offer(ticks(1, [5]), 0)
    assert await publisher.step(NAMES) == 0


async def test_an_instrument_not_wanted_any_more_is_not_pushed(publisher: Publisher) -> None:
    publisher.offer(np.concatenate((ticks(1, [1]), ticks(3, [1]))), 0)
    assert await publisher.step(NAMES) == 1


async def test_the_feed_is_a_snapshot_with_rising_numbers(publisher: Publisher, listener: Listener) -> None:
    for _ in range(2):
        await publisher.publish_feed({"venue": "simulated"})
    first, second = await listener.next(), await listener.next()
    assert first["kind"] == "snapshot"
    assert second["prev"] == first["seq"]


async def test_redis_away_costs_one_line_and_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    away = Publisher("unix:///nowhere/redis.sock")
    for trade_id in (1, 2, 3):
        away.offer(ticks(1, [trade_id]), 0)
        await away.step(NAMES)
    await away.close()
    assert [r.getMessage() for r in caplog.records if "Redis is away" in r.getMessage()] != []
    assert len([r for r in caplog.records if r.name == "market.prices"]) == 1
