"""What only a real daphne shows: idle sockets, memory for those who do not read, bodies, forged prefixes."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack

import pytest
from asgiref.sync import sync_to_async
from websockets.exceptions import ConnectionClosed

from analytics.consumers import TOO_LARGE
from analytics.messages import LARGEST_MESSAGE
from analytics.publish import publish
from livepairs.edge import BODY_LIMIT
from market.topics import encode
from tests.live.conftest import Cast, session_of
from tests.live.running import Daphne, running_daphne
from tests.live.talk import GUARD
from tests.waiting import STEP

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "price.simulated:AAAUSDT"
IDLE_S = 35
MEGABYTE = 1_000_000
SILENT = 10


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Daphne]:
    with running_daphne() as daphne:
        yield daphne


def publish_price(seq: int, note: str = "") -> None:
    text = encode(TOPIC, seq=seq, prev=seq - 1, at=seq, kind="delta", data={"price": 1.0, "note": note})
    publish(TOPIC, text)


@pytest.mark.usefixtures("database_thread")
async def test_an_idle_socket_lives(cast: Cast, daphne: Daphne) -> None:
    session = await sync_to_async(session_of)(cast.alice)
    async with daphne.socket(session) as client:
        await client.send(f'{{"op":"sub","topic":"{TOPIC}"}}')
        await client.recv()
        # The time itself is what is tested: time-outs of Redis, daphne and the watch all lie below it
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(IDLE_S):
                await client.recv()
        await sync_to_async(publish_price)(1)
        assert '"seq":1' in str(await client.recv())


@pytest.mark.usefixtures("database_thread")
async def test_who_does_not_read_is_closed_and_costs_little(cast: Cast, daphne: Daphne) -> None:
    reader_session = await sync_to_async(session_of)(cast.alice)
    silent_session = await sync_to_async(session_of)(cast.bob)
    async with daphne.socket(reader_session) as reader, AsyncExitStack() as silent:
        await reader.send(f'{{"op":"sub","topic":"{TOPIC}"}}')
        await reader.recv()
        connections, memory = daphne.open_files(), daphne.memory()
        for _ in range(SILENT):
            client = await silent.enter_async_context(daphne.socket(silent_session, max_queue=1, ping_interval=None))
            await client.send(f'{{"op":"sub","topic":"{TOPIC}"}}')
        assert daphne.open_files() == connections + SILENT
        seq = 0

        async def all_are_closed() -> bool:
            """One more frame of 50 kB, which the reader gets at once."""
            nonlocal seq
            seq += 1
            await sync_to_async(publish_price)(seq, "x" * 50_000)
            while f'"seq":{seq},' not in str(await reader.recv())[:80]:
                pass
            await reader.send(f'{{"op":"ack","n":{seq + 1}}}')
            assert daphne.memory() - memory < (SILENT + 10) * MEGABYTE
            return daphne.open_files() <= connections

        async with asyncio.timeout(GUARD):
            while not await all_are_closed():
                await asyncio.sleep(STEP)


@pytest.mark.usefixtures("database_thread")
async def test_a_message_that_is_too_large_closes_the_socket(cast: Cast, daphne: Daphne) -> None:
    """daphne sends only some of the close codes; with another one the socket would stay open and mute."""
    async with daphne.socket(await sync_to_async(session_of)(cast.alice)) as client:
        await client.send("x" * (LARGEST_MESSAGE + 1))
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(GUARD):
                await client.recv()
        assert client.close_code == TOO_LARGE


def test_nobody_sets_the_prefix_of_our_links(cast: Cast, daphne: Daphne) -> None:
    response = daphne.get("/dashboard/", {"Daphne-Root-Path": "/evil.example"})
    assert response.status == 302
    assert response.headers["Location"].startswith("/accounts/login/")


def test_a_body_that_is_too_large_is_refused(cast: Cast, daphne: Daphne) -> None:
    assert daphne.post("/accounts/login/", b"x" * (BODY_LIMIT + 1)).status == 413
    assert daphne.post("/accounts/login/", b"x").status == 403


def test_a_body_of_unknown_length_that_is_too_large_is_refused(cast: Cast, daphne: Daphne) -> None:
    chunks = iter([b"x" * 1_000_000] * 4)
    assert daphne.post("/accounts/login/", chunks).status == 413
