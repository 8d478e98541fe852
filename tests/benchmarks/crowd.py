"""Many websocket clients in one process, as cheap as they can be: they count frames and acknowledge them."""

import asyncio
import os
from dataclasses import dataclass, field

from tests.waiting import await_until

ACK_EVERY = 8
_TEXT, _PING, _PONG = 1, 9, 10
_HANDSHAKE = (
    "GET /ws/live/ HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{cookie}\r\n"
)


def client_frame(text: str) -> bytes:
    """A text below 126 bytes as a masked frame."""
    return _masked(_TEXT, text.encode())


def _masked(opcode: int, payload: bytes) -> bytes:
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + masked


class Member(asyncio.Protocol):
    """One client. Subscribes when `topic` is given, then acknowledges after ACK_EVERY frames."""

    def __init__(self, crowd: "Crowd", cookie: str) -> None:
        self._crowd = crowd
        self._cookie = cookie
        self._buffer = b""
        self._is_open = False
        self.frames = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        cookie = f"Cookie: sessionid={self._cookie}\r\n" if self._cookie else ""
        transport.write(_HANDSHAKE.format(cookie=cookie).encode())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._is_open:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self._is_open, self._buffer = True, rest
            self._crowd.opened += 1
            if self._crowd.topic:
                self._transport.write(client_frame(f'{{"op":"sub","topic":"{self._crowd.topic}"}}'))
        self._take_frames()

    def _take_frames(self) -> None:
        data, at, before = self._buffer, 0, self.frames
        while len(data) - at >= 2:
            size, head = data[at + 1], 2
            if size == 126:
                head = 4
                size = int.from_bytes(data[at + 2 : at + 4], "big")
            if len(data) - at < head + size:
                break
            opcode, payload = data[at] & 0x0F, data[at + head : at + head + size]
            at += head + size
            if opcode == _PING:
                self._transport.write(_masked(_PONG, payload))
                continue
            assert opcode == _TEXT, f"opcode {opcode}: {payload!r}"
            self.frames += 1
            if self._crowd.topic and self.frames % ACK_EVERY == 0:
                self._transport.write(client_frame(f'{{"op":"ack","n":{self.frames}}}'))
        self._buffer = data[at:]
        self._crowd.count(self.frames - before)

    def connection_lost(self, error: Exception | None) -> None:
        self._crowd.lost += 1


@dataclass
class Crowd:
    """All clients of one run; `received(n)` waits until they have got n frames together."""

    topic: str = ""
    frames: int = 0
    opened: int = 0
    lost: int = 0
    _wanted: int = 0
    _enough: asyncio.Event = field(default_factory=asyncio.Event)
    _transports: list[asyncio.BaseTransport] = field(default_factory=list)

    async def join(self, port: int, cookies: list[str]) -> None:
        loop = asyncio.get_running_loop()
        for start in range(0, len(cookies), 50):
            opened = [
                loop.create_connection(lambda cookie=cookie: Member(self, cookie), "127.0.0.1", port)  # type: ignore[misc]  # mypy cannot type a lambda with a default
                for cookie in cookies[start : start + 50]
            ]
            self._transports += [transport for transport, _ in await asyncio.gather(*opened)]
            await await_until(lambda: self.opened + self.lost >= len(self._transports))
            assert self.lost == 0, f"{self.lost} clients were not let in"

    def count(self, frames: int) -> None:
        self.frames += frames
        if self.frames >= self._wanted:
            self._enough.set()

    async def received(self, frames: int) -> None:
        self._wanted = frames
        self._enough.clear()
        if self.frames < frames:
            async with asyncio.timeout(120):
                await self._enough.wait()

    def leave(self) -> None:
        for transport in self._transports:
            transport.close()
