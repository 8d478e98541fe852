"""The live socket `/ws/live/`; docs/live-api.md is its contract.

A client acknowledges by `{"op":"ack","n":N}`, where N counts **all frames it has received since the socket
opened**, whatever their kind or topic. N is cumulative, so a lost or repeated ack does no harm. It is due after
at most 8 frames or one second. See outbox.py for what happens to those who do not.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError

from analytics.access import Login, open_topic
from analytics.doors import IS_SCRIPT, GoneError, enter
from analytics.frames import Frame, Merge, notice
from analytics.messages import (
    LARGEST_MESSAGE,
    Ack,
    Auth,
    Message,
    MessageError,
    Ping,
    Sub,
    Unsub,
    acknowledged,
    read_message,
)
from analytics.outbox import AcknowledgementError, Outbox, OutboxFullError
from analytics.sockets import sockets
from analytics.topics import RefusedError, kind_of
from market.errors import LivepairsError

log = logging.getLogger(__name__)

__all__ = ["IS_SCRIPT", "SERVER_SEND", "LiveConsumer"]

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

#: key of the scope under which the server's own `send` is kept, beside the wrappers of middleware
SERVER_SEND = "livepairs.send"

TOPICS_PER_SOCKET = 100
#: points of a snapshot by socket; the HTTP twin gives more
SOCKET_POINTS = 1_000
#: live frames kept while a subscription waits for its first frame
HELD_FRAMES = 256
MESSAGES_PER_SECOND, MESSAGES_AT_ONCE = 20.0, 200.0
MISTAKES_ALLOWED = 5

#: codes of the closing frame; daphne cannot send those below 3000 and would leave the socket open, without a word
NOT_LOGGED_IN, TOO_MANY, TOO_SLOW, BAD_MESSAGE, TOO_LARGE, TRY_AGAIN = 4401, 4429, 4408, 4400, 4413, 4503
MAY_NOT_READ = 4403
_CODES = {401: NOT_LOGGED_IN, 403: MAY_NOT_READ, 429: TOO_MANY}


class ServerError(LivepairsError):
    """The server under this application cannot do what the live socket needs."""


class LiveConsumer(AsyncConsumer):  # type: ignore[misc]  # channels has no types
    """One socket. Delivery is synchronous, from the hub through the outbox to the server: no task, no queue."""

    clock = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self.outbox = Outbox(self.clock)
        self.user_id = 0
        self.login = Login("", 0)
        self._subscribed: set[str] = set()
        #: topics whose first frame is on its way, and the live frames that came meanwhile
        self._held: dict[str, list[Frame]] = {}
        self._asks: deque[Sub] = deque()
        self._asking: asyncio.Task[None] | None = None
        self._mistakes = 0
        self._allowance = MESSAGES_AT_ONCE
        self._allowance_at = time.monotonic()
        self._is_closed = False

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self._send = scope.get(SERVER_SEND, send)
        await receive()
        # Accepted first: daphne gives a handshake 5 s, and many at once may have to wait for the database
        self._write({"type": "websocket.accept"})
        try:
            entry = await enter(scope, receive)
        except GoneError:
            return None
        except RefusedError as refusal:
            self._refuse(refusal)
            return self._close(_CODES[refusal.status])
        except DatabaseError as error:
            log.warning("a login could not be checked: %s", error)
            return self._close(TRY_AGAIN)
        self.login = entry.login
        self.user_id = entry.login.user_id
        self._sockets = sockets()
        if not self._sockets.admit(self, entry.most_sockets):
            what = f"{entry.who} {entry.most_sockets} live connections open, the limit."
            self._refuse(RefusedError(429, what, "/ws/live/", "Close a page that shows live data."))
            return self._close(TOO_MANY)
        if entry.told is not None:
            self._offer(notice("", "ready", entry.told))
        try:
            await self._listen(receive)
        finally:
            await self._leave()

    # --- from the hub ---------------------------------------------------------------------------
    def deliver(self, frame: Frame) -> None:
        """A live frame. Held back while its topic's first frame is on its way."""
        held = self._held.get(frame.topic) if self._held else None
        if held is None:
            self._offer(frame)
        elif len(held) < HELD_FRAMES:
            held.append(frame)
        else:
            held[:] = [_resync(frame.topic, "too much happened while the topic was opened")]

    def resync(self, topic: str) -> None:
        """Frames may have been lost; the client fetches `since=` what it has."""
        self.deliver(_resync(topic, "the connection to the publisher was lost for a while"))

    def revoke(self, topic: str) -> None:
        """The topic is no longer the user's."""
        self._unsubscribe(topic)
        self.outbox.drop(topic)
        self._offer(notice(topic, "gone", {"reason": "you may no longer see this topic"}))

    # --- from the watch -------------------------------------------------------------------------
    def topics(self) -> list[str]:
        return list(self._subscribed)

    def end_if_stalled(self) -> None:
        if self.outbox.is_stalled():
            self._close(TOO_SLOW)

    def log_out(self) -> None:
        self._close(NOT_LOGGED_IN)

    # --- from the client ------------------------------------------------------------------------
    async def _listen(self, receive: Receive) -> None:
        while not self._is_closed:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            self._read(event.get("text"), len(event.get("bytes") or b""))

    def _read(self, text: str | None, binary_size: int) -> None:
        if max(len(text or ""), binary_size) > LARGEST_MESSAGE:
            return self._close(TOO_LARGE)
        try:
            number = acknowledged(text) if text else None
            if number is not None and self.outbox.acknowledge(number):
                return self._send_waiting()
            self._spend()
            self._obey(Ack(number) if number is not None else read_message(text))
        except (MessageError, AcknowledgementError) as error:
            self._mistakes += 1
            self._refuse(RefusedError(400, str(error), "/ws/live/", "The contract is in docs/live-api.md."))
            if self._mistakes >= MISTAKES_ALLOWED:
                self._close(BAD_MESSAGE)

    def _obey(self, message: Message) -> None:
        match message:
            case Sub():
                self._ask(message)
            case Unsub(topic=topic):
                self._unsubscribe(topic)
            case Ack(n=received):
                self.outbox.acknowledge(received)
                self._send_waiting()
            case Ping(sent=sent):
                data: dict[str, Any] = {
                    "sent": sent,
                    "server_ms": time.time_ns() // 1_000_000,
                    "merged": self.outbox.merged,
                }
                data["version"] = settings.VERSION.build
                self._offer(notice("", "pong", data))
            case Auth():
                what = "This socket knows who you are already."
                self._refuse(RefusedError(400, what, "op auth", "Connect again to use another token."))

    def _spend(self) -> None:
        """Acks that are news cost nothing; all other messages draw on an allowance."""
        now = time.monotonic()
        refill = (now - self._allowance_at) * MESSAGES_PER_SECOND
        self._allowance = min(MESSAGES_AT_ONCE, self._allowance + refill) - 1
        self._allowance_at = now
        if self._allowance < 0:
            self._close(TOO_MANY)

    # --- subscriptions --------------------------------------------------------------------------
    def _ask(self, ask: Sub) -> None:
        """Subscriptions are opened one after the other, beside the reading of acks."""
        if len(self._asks) + len(self._subscribed | {ask.topic}) > TOPICS_PER_SOCKET:
            what = f"A socket takes {TOPICS_PER_SOCKET} topics."
            return self._refuse(RefusedError(429, what, ask.topic, "Unsubscribe from others first."), ask.topic)
        self._asks.append(ask)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._open_asked())
        return None

    async def _open_asked(self) -> None:
        while self._asks and not self._is_closed:
            ask = self._asks.popleft()
            try:
                await self._open(ask)
            except RefusedError as refusal:
                self._unsubscribe(ask.topic)
                self._refuse(refusal, ask.topic)
            except DatabaseError as error:
                log.warning("topic %s could not be opened: %s", ask.topic, error)
                self._unsubscribe(ask.topic)
                self._refuse(
                    RefusedError(503, "The database does not answer.", ask.topic, "Subscribe again in a moment."),
                    ask.topic,
                )
            except Exception:  # owner of the loop: the client must hear of it, and the next topic be opened
                log.exception("topic %s could not be opened", ask.topic)
                self._unsubscribe(ask.topic)
                self._refuse(
                    RefusedError(500, "The server failed.", ask.topic, "Subscribe again in a moment."), ask.topic
                )

    async def _open(self, ask: Sub) -> None:
        """First listen, then read what is stored: what comes between is held, and sent if it is newer."""
        kind_of(ask.topic)
        self._held[ask.topic] = []
        self._subscribed.add(ask.topic)
        await self._sockets.hub.join(ask.topic, self)
        first = await database_sync_to_async(open_topic)(self.user_id, ask.topic, ask.since, SOCKET_POINTS)
        if ask.topic not in self._subscribed:
            return
        self._offer(first)
        for frame in _following(first, self._held.pop(ask.topic)):
            self._offer(frame)

    def _unsubscribe(self, topic: str) -> None:
        self._held.pop(topic, None)
        self._subscribed.discard(topic)
        self._sockets.hub.leave(topic, self)

    # --- to the client --------------------------------------------------------------------------
    def _offer(self, frame: Frame) -> None:
        if self._is_closed:
            return
        try:
            if self.outbox.offer(frame):
                self._write(frame.message)
        except OutboxFullError:
            self._close(TOO_SLOW)

    def _send_waiting(self) -> None:
        if self.outbox.is_waiting:
            for frame in self.outbox.ready():
                self._write(frame.message)

    def _refuse(self, refusal: RefusedError, topic: str = "") -> None:
        self._offer(notice(topic, "error", refusal.data))

    def _close(self, code: int) -> None:
        if not self._is_closed:
            self._write({"type": "websocket.close", "code": code})
        self._is_closed = True

    def _write(self, message: dict[str, Any]) -> None:
        """Run the server's `send` to its end, here and now. daphne's never waits, so no task is needed."""
        sending = self._send(message)
        try:
            sending.send(None)
        except StopIteration:
            return
        except Exception as error:  # the server has given the connection up
            log.debug("a socket of user %s is gone: %s", self.user_id, error)
            self._is_closed = True
            return
        sending.close()
        raise ServerError("This server's send waits, so the live socket cannot run on it: serve livepairs by daphne.")

    async def _leave(self) -> None:
        self._is_closed = True
        if self._asking:
            self._asking.cancel()
        for topic in list(self._subscribed):
            self._unsubscribe(topic)
        await self._sockets.dismiss(self)


def _resync(topic: str, reason: str) -> Frame:
    return notice(topic, "resync", {"reason": reason}, kind_of(topic)[0].merge)


def _following(first: Frame, held: Iterable[Frame]) -> Iterable[Frame]:
    """Held frames that are news after `first`. Where each frame is whole, a hole before the first of them is none."""
    newer = [frame for frame in held if frame.kind == "resync" or frame.seq > first.seq]
    if newer and newer[0].kind == "delta" and newer[0].merge is Merge.NEWEST:
        newer[0] = newer[0].linked(first.seq)
    return newer
