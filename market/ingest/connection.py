"""One connection to the exchange: what it shall carry, what was asked, what was acknowledged."""

import itertools
from collections.abc import Callable, Iterable

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed
from websockets.protocol import State

from market.ingest.silence import Rhythm
from market.ingest.socket import Bell, Inbox, open_socket
from market.venues.base import Reply, Venue

#: Seconds until a request that was refused, or never answered, is sent again
ASK_AGAIN = 10.0
_message_ids = itertools.count(1)


class Connection:
    """A socket and its subscriptions; `step` sends at most one control message."""

    def __init__(self, venue: Venue, bell: Bell, clock: Callable[[], float]) -> None:
        self.venue = venue
        self.inbox = Inbox(bell)
        self.opened_at = 0.0
        self.acknowledged_at: float | None = None
        self.last_error = ""
        self.watermark_ms = 0
        self.rhythm = Rhythm(clock())
        self._clock = clock
        self._socket: ClientConnection | None = None
        self._asked: set[str] = set()
        self._confirmed: set[str] = set()
        self._waiting: dict[int, tuple[str, list[str], float]] = {}
        self._next_message_at = 0.0

    async def open(self) -> None:
        """Connect; the errors of `open_socket` pass through."""
        self._socket = await open_socket(self.venue.stream_url(), self.inbox)
        self.opened_at = self._clock()

    @property
    def is_open(self) -> bool:
        return self._socket is not None and self._socket.state is State.OPEN

    @property
    def end(self) -> str:
        """Why the socket is closed, in words."""
        if self._socket is None:
            return "not connected"
        told = self._socket.close_code
        return f"closed with code {told} {self._socket.close_reason or ''}".strip() if told else "connection lost"

    def confirms(self, symbols: Iterable[str]) -> bool:
        """Whether all these subscriptions were acknowledged."""
        return self._confirmed.issuperset(symbols)

    async def step(self, wanted: set[str]) -> None:
        """Bring subscriptions nearer to `wanted`, one paced message at a time."""
        now = self._clock()
        self._forget_unanswered(now)
        if now < self._next_message_at or self._socket is None:
            return
        message_id = next(_message_ids)
        missing, superfluous = sorted(wanted - self._asked), sorted(self._asked - wanted)
        if missing:
            method, names, texts = "sub", missing, self.venue.subscribe(missing[:200], message_id)
        elif superfluous:
            method, names, texts = "unsub", superfluous, self.venue.unsubscribe(superfluous[:200], message_id)
        else:
            return
        self._next_message_at = now + 1 / self.venue.messages_per_second
        self._waiting[message_id] = (method, names[:200], now)
        self._mark(method, names[:200])
        try:
            await self._socket.send(texts[0])
        except ConnectionClosed:
            return

    def _mark(self, method: str, names: list[str]) -> None:
        if method == "sub":
            self._asked.update(names)
        else:
            self._asked.difference_update(names)
            self._confirmed.difference_update(names)

    def answer(self, reply: Reply) -> None:
        """Take a reply of the venue."""
        found = self._waiting.pop(reply.id, None) if reply.id is not None else None
        if reply.error:
            self.last_error = f"the exchange refused: {reply.error}"
            if found and found[0] == "sub":
                self._waiting[reply.id or 0] = found
            return
        if found and found[0] == "sub":
            self._confirmed.update(found[1])
            if self.acknowledged_at is None:
                self.acknowledged_at = self._clock()
                self.rhythm.restart(self._clock())

    def _forget_unanswered(self, now: float) -> None:
        for message_id, (method, names, sent_at) in list(self._waiting.items()):
            if now - sent_at > ASK_AGAIN:
                del self._waiting[message_id]
                if method == "sub":
                    self._asked.difference_update(names)

    def hear(self, watermark_ms: int) -> None:
        """Data came."""
        self.rhythm.hear(self._clock())
        self.watermark_ms = max(self.watermark_ms, watermark_ms)
        self.last_error = ""

    async def close(self) -> None:
        if self._socket is not None:
            await self._socket.close()
