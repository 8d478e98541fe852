"""A daphne process on the database of a test."""

import http.client
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings as django_settings
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect

from tests.waiting import wait_until

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


@contextmanager
def running_daphne(**settings: str) -> Iterator[Daphne]:
    """On the database of the test; `settings` are environment variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    database = f"{django_settings.DATABASE_URL.rpartition('/')[0]}/{connection.settings_dict['NAME']}"
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
    process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": database, "PGAPPNAME": NAME} | settings)
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
