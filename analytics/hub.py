"""One per web process: a single Redis subscription for each topic, each message read once, handed to all clients.

`group_send` to each client costs an encoding, a queue and a task switch for every client and message;
here the cost of a message is paid once and a delivery is one call.
"""

import asyncio
import logging
import random
from collections import Counter
from typing import Any, Protocol

import msgspec
from redis.asyncio.connection import AbstractConnection, ConnectionPool
from redis.exceptions import RedisError

from analytics.frames import Frame
from analytics.topics import TopicKind, kind_of
from market.topics import channel_of

log = logging.getLogger(__name__)

CONTROL_CHANNEL = "lp:control"
#: an idle subscription is asked for a sign of life this often, and given up after twice as long
KEEPALIVE_S = 15.0
CONNECT_S = 5.0
#: a confirmation of Redis that takes longer is no longer waited for
CONFIRM_S = 5.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0

_PREFIX = channel_of("")


class Revocation(msgspec.Struct):
    """Message on CONTROL_CHANNEL: this user may no longer see this topic."""

    user_id: int
    topic: str


class Client(Protocol):
    """What the hub needs of a socket. All calls are synchronous and must be cheap."""

    user_id: int

    def deliver(self, frame: Frame) -> None: ...
    def resync(self, topic: str) -> None: ...
    def revoke(self, topic: str) -> None: ...


class _Channel:
    """One topic: who listens, whether Redis has confirmed it, and whether messages may have been missed."""

    def __init__(self, kind: TopicKind) -> None:
        self.kind = kind
        self.clients: dict[Client, None] = {}
        self.confirmed = asyncio.Event()
        self.missed = False


class Hub:
    """Clients join topics; `run` keeps the subscription alive and delivers. Lives in one event loop."""

    def __init__(self, url: str) -> None:
        self._pool = ConnectionPool.from_url(
            url, socket_timeout=None, socket_connect_timeout=CONNECT_S, decode_responses=True
        )
        self._channels: dict[str, _Channel] = {}
        #: SUBSCRIBE commands that Redis has yet to confirm; they outlive a channel that is left and joined again
        self._asked: Counter[str] = Counter()
        self._commands: asyncio.Queue[tuple[str, ...]] | None = None
        self._pause = FIRST_PAUSE_S
        self._is_down = False

    async def join(self, topic: str, client: Client) -> None:
        """From the return on, every frame published on the topic reaches the client, or a resync does."""
        channel = self._channels.get(topic)
        if channel is None:
            channel = self._channels[topic] = _Channel(kind_of(topic)[0])
            self._subscribe(topic, channel)
        channel.clients[client] = None
        try:
            async with asyncio.timeout(CONFIRM_S):
                await channel.confirmed.wait()
        except TimeoutError:
            channel.missed = True

    def leave(self, topic: str, client: Client) -> None:
        channel = self._channels.get(topic)
        if channel is None:
            return
        channel.clients.pop(client, None)
        if not channel.clients:
            del self._channels[topic]
            channel.confirmed.set()
            if self._commands:
                self._commands.put_nowait(("UNSUBSCRIBE", channel_of(topic)))

    async def run(self) -> None:
        """Subscribe, deliver, and come back after every loss of Redis. Ends by cancellation only."""
        self._is_down = False
        while True:
            try:
                await self._connection()
            except (RedisError, OSError) as error:
                if self._pause == FIRST_PAUSE_S:
                    log.warning("live push pauses, Redis is lost: %s", error)
            finally:
                self._lost()
            await asyncio.sleep(self._pause * random.uniform(0.5, 1.0))  # noqa: S311 - jitter, not a secret
            self._pause = min(self._pause * 2, LONGEST_PAUSE_S)

    async def _connection(self) -> None:
        """One connection, from its making to its loss, which is an error."""
        connection: AbstractConnection = self._pool.connection_class(**self._pool.connection_kwargs)
        writer: asyncio.Task[None] | None = None
        try:
            await connection.connect()  # type: ignore[no-untyped-call]  # redis leaves it untyped
            self._commands = asyncio.Queue()
            self._is_down = False
            self._commands.put_nowait(("SUBSCRIBE", CONTROL_CHANNEL))
            for topic, channel in self._channels.items():
                self._subscribe(topic, channel)
            writer = asyncio.create_task(_write(connection, self._commands))
            while True:
                reply = await connection.read_response(timeout=2 * KEEPALIVE_S)
                if reply is None:
                    raise RedisError(f"no sign of life for {2 * KEEPALIVE_S:.0f} s")
                self._pause = FIRST_PAUSE_S
                self._read(reply)
        finally:
            if writer:
                writer.cancel()
                await asyncio.gather(writer, return_exceptions=True)
            await connection.disconnect()

    def _subscribe(self, topic: str, channel: _Channel) -> None:
        """Ask Redis. While it is away nobody waits: the topic is behind until a connection confirms it."""
        if self._commands is None:
            if self._is_down:
                channel.missed = True
                channel.confirmed.set()
            return
        self._asked[topic] += 1
        channel.confirmed.clear()
        self._commands.put_nowait(("SUBSCRIBE", channel_of(topic)))

    def _lost(self) -> None:
        self._commands = None
        self._is_down = True
        self._asked.clear()
        for channel in self._channels.values():
            channel.missed = True
            channel.confirmed.set()

    def _read(self, reply: Any) -> None:
        sort, name, *rest = reply
        if sort == "message":
            self._deliver(name, rest[0])
        elif sort == "subscribe":
            self._confirm(name.removeprefix(_PREFIX))

    def _confirm(self, topic: str) -> None:
        """Only the last of several confirmations counts: an UNSUBSCRIBE may stand between them."""
        self._asked[topic] -= 1
        if self._asked[topic] > 0:
            return
        del self._asked[topic]
        channel = self._channels.get(topic)
        if channel is None:
            return
        if channel.missed:
            channel.missed = False
            for client in list(channel.clients):
                client.resync(topic)
        channel.confirmed.set()

    def _deliver(self, name: str, text: str) -> None:
        if name == CONTROL_CHANNEL:
            self._revoke(text)
            return
        channel = self._channels.get(name.removeprefix(_PREFIX))
        if channel is None:
            return
        try:
            frame = Frame(text, channel.kind.merge)
        except msgspec.MsgspecError as error:
            log.error("a message on %s is no frame: %s", name, error)
            return
        for client in tuple(channel.clients):
            client.deliver(frame)

    def _revoke(self, text: str) -> None:
        try:
            revocation = msgspec.json.decode(text, type=Revocation)
        except msgspec.MsgspecError as error:
            log.error("a message on %s cannot be read: %s", CONTROL_CHANNEL, error)
            return
        channel = self._channels.get(revocation.topic)
        for client in list(channel.clients if channel else ()):
            if client.user_id == revocation.user_id:
                client.revoke(revocation.topic)


async def _write(connection: AbstractConnection, commands: asyncio.Queue[tuple[str, ...]]) -> None:
    """Send commands in order, and a PING when there were none for KEEPALIVE_S."""
    while True:
        try:
            async with asyncio.timeout(KEEPALIVE_S):
                command = await commands.get()
        except TimeoutError:
            command = ("PING",)
        await connection.send_command(*command)
