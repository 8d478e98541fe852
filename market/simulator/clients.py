"""The connected clients: who wants which stream, and one write per client and step."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from websockets.asyncio.server import ServerConnection
from websockets.protocol import State

from market.simulator.frames import combined, text_frame
from market.simulator.protocol import Session

#: A reader that lags further than this is dropped, so that memory stays bounded
_MOST_UNREAD = 64_000_000


@dataclass(eq=False)
class Client:
    """One connection with its session and what the current step wants to send it."""

    connection: ServerConnection
    session: Session
    is_closing: bool = False
    listed: frozenset[str] = frozenset()
    pending: list[bytes] = field(default_factory=list)

    @property
    def unread(self) -> int:
        return self.connection.transport.get_write_buffer_size()

    def abort(self) -> None:
        """End it without a close frame."""
        self.connection.transport.abort()

    def flush(self) -> None:
        """Frames are the same bytes for everybody, so they go past the library straight to the transport."""
        if self.pending and self.connection.state is State.OPEN and not self.connection.transport.is_closing():
            self.connection.transport.write(b"".join(self.pending))
            if self.unread > _MOST_UNREAD:
                self.abort()
        self.pending.clear()


class Crowd:
    """All clients, indexed by the streams that reach them."""

    def __init__(self) -> None:
        self._clients: dict[Client, None] = {}
        self._by_stream: dict[str, set[Client]] = defaultdict(set)
        self._touched: set[Client] = set()

    def __len__(self) -> int:
        return len(self._clients)

    def add(self, client: Client) -> None:
        self._clients[client] = None
        self.refresh(client)

    def remove(self, client: Client) -> None:
        self._clients.pop(client, None)
        client.session.streams.clear()
        self.refresh(client)

    def refresh(self, client: Client) -> None:
        """Follow a change of the client's streams; only the market route carries any."""
        wanted = frozenset(client.session.streams) if client.session.carries_trades else frozenset()
        for stream in client.listed - wanted:
            self._by_stream[stream].discard(client)
        for stream in wanted - client.listed:
            self._by_stream[stream].add(client)
        client.listed = wanted

    def subscribers(self, stream: str) -> int:
        return len(self._by_stream[stream]) if stream in self._by_stream else 0

    def streams(self) -> list[str]:
        return sorted(stream for stream, clients in self._by_stream.items() if clients)

    def send(self, stream: str, texts: Sequence[str]) -> None:
        """Queue payloads for the subscribers of a stream; each text is encoded once for each form in use."""
        encoded: dict[bool, bytes] = {}
        for client in self._by_stream[stream]:
            form = client.session.is_combined
            if form not in encoded:
                framed = (combined(stream, text) for text in texts) if form else iter(texts)
                encoded[form] = b"".join(text_frame(text) for text in framed)
            client.pending.append(encoded[form])
            self._touched.add(client)

    def flush(self, *, is_dead: bool = False) -> None:
        """Write what is queued; a dead wire loses it."""
        for client in self._touched:
            if is_dead:
                client.pending.clear()
            else:
                client.flush()
        self._touched.clear()

    def most_unread(self) -> int:
        return max((client.unread for client in self._clients), default=0)

    def cut(self) -> int:
        """Drop all sockets at once, no close frame; how many there were."""
        for client in list(self._clients):
            client.abort()
        return len(self._clients)

    def set_deaf(self, *, is_deaf: bool) -> None:
        for client in self._clients:
            transport = client.connection.transport
            if is_deaf:
                transport.pause_reading()
            else:
                transport.resume_reading()
