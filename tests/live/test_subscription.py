"""What a subscription begins with, and that nothing is missing between that and the live frames."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from psycopg import AsyncConnection

from analytics.publish import publish
from market.topics import encode
from tests.live.conftest import Cast, session_of, store
from tests.live.talk import GUARD, Talk
from tests.waiting import STEP

pytestmark = pytest.mark.django_db(transaction=True)

say_on_redis = sync_to_async(publish)


def delta(topic: str, seq: int, *, bar: int = 0, z: float = 0.0) -> str:
    points = {"t": [bar], "z": [z]}
    return encode(topic, seq=seq, prev=seq - 1, at=bar, kind="delta", data={"points": points})


async def test_a_subscription_begins_with_a_snapshot_and_goes_on_with_deltas(cast: Cast, talk: type[Talk]) -> None:
    await sync_to_async(store)(cast.spec, 0, seq=1, z=None, reason="warming up 1 of 30")
    await sync_to_async(store)(cast.spec, 1, seq=2, z=1.25)
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))
    topic = cast.spec.topic

    await alice.say(op="sub", topic=topic, since=None)
    first = await alice.hear()
    await say_on_redis(topic, delta(topic, 3))
    second = await alice.hear()

    assert (first["kind"], first["seq"], first["data"]["points"]["z"]) == ("snapshot", 2, [None, 1.25])
    assert first["data"]["now"]["z"] == 1.25
    assert first["data"]["spec"]["y"] == "simulated:AAAUSDT"
    assert first["data"]["spec"]["tick_y"] == "0.1"
    assert (second["kind"], second["prev"], second["seq"]) == ("delta", 2, 3)


async def test_since_gives_only_what_changed(cast: Cast, talk: type[Talk]) -> None:
    for bar in range(3):
        await sync_to_async(store)(cast.spec, bar, seq=bar + 1, z=float(bar))
    await sync_to_async(store)(cast.spec, 0, seq=4, z=9.0)
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))

    await alice.say(op="sub", topic=cast.spec.topic, since=2)
    frame = await alice.hear()

    assert (frame["kind"], frame["prev"], frame["seq"]) == ("delta", 2, 4)
    assert frame["data"]["points"]["z"] == [9.0, 2.0]
    assert frame["data"]["now"]["z"] == 2.0


async def test_two_clients_get_the_same_text(cast: Cast, talk: type[Talk]) -> None:
    topic = cast.spec.topic
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))
    bob = await talk.to(await sync_to_async(session_of)(cast.bob))
    for each in (alice, bob):
        await each.say(op="sub", topic=topic)
        assert (await each.hear())["kind"] == "snapshot"
    text = delta(topic, 1, z=0.1 + 0.2)

    await say_on_redis(topic, text)

    assert await alice.hear_text() == text
    assert await bob.hear_text() == text


async def test_what_happens_while_a_topic_is_opened_is_neither_lost_nor_doubled(cast: Cast, talk: type[Talk]) -> None:
    topic = cast.spec.topic
    await sync_to_async(store)(cast.spec, 0, seq=1, z=1.0)
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))
    bob = await talk.to(await sync_to_async(session_of)(cast.bob))
    await bob.say(op="sub", topic=topic)
    assert (await bob.hear())["seq"] == 1

    async with await AsyncConnection.connect(database_url()) as blocker:
        await blocker.execute("LOCK TABLE analytics_snapshot")
        await alice.say(op="sub", topic=topic)
        await somebody_waits(blocker)
        for seq in (1, 2, 3):
            # Not by sync_to_async: its one thread waits for the table
            await asyncio.to_thread(publish, topic, delta(topic, seq))
        # Bob has them, so the hub has handed them to Alice's socket too
        assert [(await bob.hear())["seq"] for _ in range(3)] == [1, 2, 3]
        assert await alice.socket.receive_nothing()

    frames = [await alice.hear() for _ in range(3)]
    assert [(frame["kind"], frame["seq"]) for frame in frames] == [("snapshot", 1), ("delta", 2), ("delta", 3)]


async def somebody_waits(blocker: AsyncConnection) -> None:
    async with asyncio.timeout(GUARD):
        while True:
            waiting = await blocker.execute("SELECT FROM pg_locks WHERE NOT granted")
            if waiting.rowcount:
                return
            await asyncio.sleep(STEP)


def database_url() -> str:
    return f"{settings.DATABASE_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
