"""Slow, silent and rude clients, each at their own cost."""

import time

import pytest
from asgiref.sync import sync_to_async

from analytics.consumers import MESSAGES_AT_ONCE, MISTAKES_ALLOWED, TOO_LARGE, LiveConsumer
from analytics.messages import LARGEST_MESSAGE
from analytics.outbox import STALL_SECONDS, WINDOW_FRAMES
from analytics.publish import publish
from market.topics import encode
from tests.live.conftest import Cast, session_of
from tests.live.talk import Talk

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "price.simulated:AAAUSDT"


def publish_prices(first: int, last: int) -> None:
    for seq in range(first, last + 1):
        publish(TOPIC, encode(TOPIC, seq=seq, prev=seq - 1, at=seq, kind="delta", data={"price": float(seq)}))


async def listening(cast: Cast, talk: type[Talk]) -> Talk:
    alice = await talk.to(await sync_to_async(session_of)(cast.alice))
    await alice.say(op="sub", topic=TOPIC)
    assert (await alice.hear())["kind"] == "snapshot"
    return alice


async def test_who_does_not_acknowledge_gets_the_newest_later(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    await sync_to_async(publish_prices)(1, 100)
    under_way = [(await alice.hear())["seq"] for _ in range(WINDOW_FRAMES - 1)]
    assert await alice.socket.receive_nothing()
    await alice.acknowledge()
    merged = await alice.hear()

    assert under_way == list(range(1, WINDOW_FRAMES))
    assert (merged["prev"], merged["seq"], merged["data"]) == (WINDOW_FRAMES - 1, 100, {"price": 100.0})


async def test_who_acknowledges_gets_everything(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    seen = []
    for first in range(1, 200, 8):
        await sync_to_async(publish_prices)(first, first + 7)
        seen += [(await alice.hear())["seq"] for _ in range(8)]
        await alice.acknowledge()
    assert seen == list(range(1, 201))


async def test_who_acknowledges_nothing_is_closed(
    cast: Cast, talk: type[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(LiveConsumer, "clock", staticmethod(lambda: now[0]))
    alice = await listening(cast, talk)
    await sync_to_async(publish_prices)(1, 100)
    now[0] = STALL_SECONDS + 1
    assert await alice.closed_with() == 4408


async def test_the_first_live_price_follows_on_the_snapshot(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    bob = await listening(cast, talk)
    await sync_to_async(publish_prices)(1, 1)
    assert (await alice.hear())["prev"] == (await bob.hear())["prev"] == 0


async def test_an_unreadable_message_is_answered_then_punished(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    for _ in range(MISTAKES_ALLOWED):
        await alice.socket.send_to(text_data="{nonsense")
    frame = await alice.hear()
    assert (frame["kind"], frame["data"]["status"]) == ("error", 400)
    assert "docs/live-api.md" in frame["data"]["mend"]
    assert await alice.closed_with() == 4400


@pytest.mark.parametrize(
    "text",
    [
        '{"op":"ack","n":7}',
        '{"op":"ack","n":-1}',
        '{"op":"ack","n":"1"}',
        '{"op":"ack"}',
        '{"op":"fly"}',
        '{"op":"sub"}',
        '{"op":"sub","topic":"feed","since":"x"}',
        "[]",
        '"sub"',
    ],
)
async def test_what_makes_no_sense_is_refused(text: str, cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    await alice.socket.send_to(text_data=text)
    assert (await alice.hear())["data"]["status"] == 400


async def test_binary_is_refused(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    await alice.socket.send_to(bytes_data=b'{"op":"unsub","topic":"feed"}')
    assert "text only" in (await alice.hear())["data"]["what"]


async def test_a_ping_is_answered_with_the_servers_clock(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    before = time.time_ns() // 1_000_000
    await alice.say(op="ping", sent=12.5)
    pong = await alice.hear()
    assert (pong["kind"], pong["topic"]) == ("pong", "")
    assert (pong["data"]["sent"], pong["data"]["merged"]) == (12.5, 0)
    assert before <= pong["data"]["server_ms"] <= time.time_ns() // 1_000_000


async def test_a_token_on_an_open_socket_is_refused(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    await alice.say(op="auth", token="t")
    assert (await alice.hear())["data"]["status"] == 400


async def test_a_message_that_is_too_large_ends_the_connection(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    await alice.say(op="sub", topic="x" * LARGEST_MESSAGE)
    assert await alice.closed_with() == TOO_LARGE


async def test_a_flood_ends_the_connection(cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast, talk)
    for _ in range(int(MESSAGES_AT_ONCE) + 50):
        await alice.say(op="unsub", topic="feed")
    assert await alice.closed_with() == 4429
