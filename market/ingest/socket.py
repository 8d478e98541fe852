"""The websocket as a source of whole frames, without a coroutine step per frame."""

import asyncio
import time
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode

from market.ingest.wire import cut_texts, frame_size

#: Frames held before reading pauses (some 25 MB), and where it goes on
HIGH, LOW = 100_000, 25_000
MAX_FRAME = 4_000_000
# Own pings: a half-open connection is noticed within their sum
PING_SECONDS, PONG_SECONDS = 5.0, 8.0
OPEN_SECONDS = 10.0
_END_OF_HEAD, _UPGRADED = b"\r\n\r\n", b"HTTP/1.1 101"


class Bell:
    """Wakes the one who empties the inboxes: `some` at the first frame, `enough` when a batch is full."""

    def __init__(self, enough: int) -> None:
        self.batch = enough
        self.some = asyncio.Event()
        self.enough = asyncio.Event()


class Inbox:
    """Frames of one socket in order of arrival; bounded by pausing the socket."""

    def __init__(self, bell: Bell) -> None:
        self.frames: list[bytes] = []
        self.first_at_ms = 0
        self._bell = bell
        self._paused: asyncio.Transport | None = None

    def put(self, frames: list[bytes], transport: asyncio.Transport) -> None:
        if not self.frames:
            self.first_at_ms = time.time_ns() // 1_000_000
            self._bell.some.set()
        self.frames += frames
        count = len(self.frames)
        if count >= self._bell.batch:
            self._bell.enough.set()
            if count >= HIGH and self._paused is None:
                self._paused = transport
                transport.pause_reading()

    def take(self, most: int) -> tuple[list[bytes], int]:
        """The oldest frames, and when the first of them came (epoch ms)."""
        taken, first_at_ms = self.frames[:most], self.first_at_ms
        self.frames = self.frames[most:]
        if len(self.frames) <= LOW and self._paused is not None:
            if not self._paused.is_closing():
                self._paused.resume_reading()
            self._paused = None
        return taken, first_at_ms


class _Tap(ClientConnection):
    """Takes whole text frames out of the bytes; handshake, control frames and all that is rare stay with the library.

    The library spends 7 µs on a frame, half of all CPU of recording; this spends 1. It is only ever given whole frames.
    """

    inbox: Inbox

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._held = b""
        self._is_upgraded = False
        self._is_passed_on = False
        self._parts: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        if self._is_passed_on:
            super().data_received(data)
            return
        data = self._held + data if self._held else data
        self._held = b""
        if not self._is_upgraded:
            end = data.find(_END_OF_HEAD)
            if end < 0:
                self._held = data
                return
            end += len(_END_OF_HEAD)
            super().data_received(data[:end])
            # The body of a refusal is the library's to read
            self._is_upgraded, self._is_passed_on = True, not data.startswith(_UPGRADED)
            self._take(data, end)
        else:
            self._take(data, 0)

    def _take(self, data: bytes, at: int) -> None:
        while at < len(data) and not self._is_passed_on:
            found = cut_texts(data, at)
            at = found.end
            if found.payloads:
                self.inbox.put(found.payloads, self.transport)
            size = frame_size(data, at)
            if size is None or (size <= MAX_FRAME and at + size > len(data)):
                self._held = data[at:]
                return
            if size > MAX_FRAME:
                self._is_passed_on = True
            else:
                super().data_received(data[at : at + size])
                at += size
        if at < len(data):
            super().data_received(data[at:])

    def process_event(self, event: Any) -> None:
        if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            self._assemble(event)
        else:
            super().process_event(event)

    def _assemble(self, frame: Frame) -> None:
        if frame.opcode is not Opcode.CONT:
            self._parts = []
        self._parts.append(bytes(frame.data))
        if frame.fin:
            self.inbox.put([b"".join(self._parts)], self.transport)


async def open_socket(url: str, inbox: Inbox) -> ClientConnection:
    """A connected socket whose frames arrive in `inbox`; OSError, TimeoutError or WebSocketException when it fails."""

    class Tap(_Tap):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.inbox = inbox

    return await connect(
        url,
        create_connection=Tap,
        compression=None,
        max_size=MAX_FRAME,
        open_timeout=OPEN_SECONDS,
        ping_interval=PING_SECONDS,
        ping_timeout=PONG_SECONDS,
        close_timeout=2.0,
        # A proxy of the environment is for the internet, never for this machine
        proxy=None if urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1") else True,
        user_agent_header="livepairs",
    )
