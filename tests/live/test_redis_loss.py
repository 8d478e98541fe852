"""Redis killed: clients stay, are told to fetch anew, and are live again without a new connection."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings

from analytics.publish import publish
from market.topics import channel_of
from tests.live.conftest import Cast, session_of, store
from tests.live.redis_server import RedisServer
from tests.live.talk import Talk
from tests.live.test_subscription import delta
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="lp-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        with override_settings(REDIS_URL=server.url):
            yield server
        server.kill()


async def test_clients_are_live_again_after_redis_was_killed(cast: Cast, talk: type[Talk], server: RedisServer) -> None:
    topic = cast.spec.topic
    await sync_to_async(store)(cast.spec, 0, seq=1, z=1.0)
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))
    await alice.say(op="sub", topic=topic)
    assert (await alice.hear())["seq"] == 1

    server.kill()
    await sync_to_async(store)(cast.spec, 1, seq=2, z=2.0)
    await sync_to_async(publish)(topic, delta(topic, 2))
    await sync_to_async(server.start)()
    resync = await alice.hear()
    await alice.say(op="sub", topic=topic, since=1)
    missed = await alice.hear()
    await sync_to_async(publish)(topic, delta(topic, 3))

    assert (resync["topic"], resync["kind"]) == (topic, "resync")
    assert (missed["kind"], missed["seq"], missed["data"]["points"]["z"]) == ("delta", 2, [2.0])
    assert (await alice.hear())["seq"] == 3


async def test_a_topic_opened_while_redis_is_away_begins_with_what_is_stored(
    cast: Cast, talk: type[Talk], server: RedisServer
) -> None:
    await sync_to_async(store)(cast.spec, 0, seq=1, z=1.0)
    server.kill()
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))

    await alice.say(op="sub", topic=cast.spec.topic)
    assert (await alice.hear())["kind"] == "snapshot"

    await sync_to_async(server.start)()
    assert (await alice.hear())["kind"] == "resync"


async def test_a_topic_nobody_listens_to_is_given_up(cast: Cast, talk: type[Talk], server: RedisServer) -> None:
    channel = channel_of(cast.spec.topic)
    talks = [await talk.to(await sync_to_async(session_of)(user)) for user in (cast.alice, cast.bob)]
    for each in talks:
        await each.say(op="sub", topic=cast.spec.topic)
        await each.hear()
    subscribers = sync_to_async(server.subscribers)

    assert await subscribers(channel) == 1, "one subscription for all clients of the process"
    for each in talks:
        await each.say(op="unsub", topic=cast.spec.topic)

    await sync_to_async(wait_until)(lambda: server.subscribers(channel) == 0, what="UNSUBSCRIBE")
