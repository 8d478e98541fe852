"""What only a real daphne shows: idle sockets, memory for those who do not read, bodies, forged prefixes."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from analytics.consumers import TOO_LARGE
from analytics.messages import LARGEST_MESSAGE
from analytics.publish import publish
from livepairs.edge import BODY_LIMIT
from market.topics import encode
from tests.live.conftest import Cast, session_of
from tests.live.talk import GUARD
from tests.waiting import STEP, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

TOPIC = "price.simulated:AAAUSDT"
IDLE_S = 35
MEGABYTE = 1_000_000
SILENT = 10
NAME = "daphne under test"


@dataclass
class Daphne:
    port: int
    process: int

    @asynccontextmanager
    async def socket(self, session: str, **options: int | None) -> AsyncIterator[ClientConnection]:
        url = f"ws://localhost:{self.port}/ws/live/"
        headers = {"Cookie": f"sessionid={session}"}
        origin = f"http://localhost:{self.port}"
        async with connect(url, additional_headers=headers, origin=origin, **options) as client:  # type: ignore[arg-type]  # numbers only
            yield client

    def get(self, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, body: bytes | Iterator[bytes]) -> http.client.HTTPResponse:
        return self._ask("POST", path, body, {"Content-Type": "text/plain"})

    def _ask(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        client = http.client.HTTPConnection("localhost", self.port)
        client.request(method, path, body, headers, encode_chunked=isinstance(body, Iterator))
        with closing(client.getresponse()) as response:
            response.read()
        client.close()
        return response

    def open_files(self) -> int:
        return len(list(Path(f"/proc/{self.process}/fd").iterdir()))

    def memory(self) -> int:
        return int(Path(f"/proc/{self.process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Daphne]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    database = f"{settings.DATABASE_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
    command = [
        sys.executable,
        "-m",
        "daphne",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-v",
        "0",
        "livepairs.asgi:application",
    ]
    process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database, "PGAPPNAME": NAME})
    try:
        wait_until(lambda: _is_listening(port), what="daphne")
        yield Daphne(port, process.pid)
    finally:
        process.kill()
        process.wait()
        # Postgres notices a moment later, and a database in use cannot be dropped
        wait_until(lambda: not _sessions(), what="the sessions of daphne to end")


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _sessions() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [NAME])
        return int(cursor.fetchone()[0])


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
