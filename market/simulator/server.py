"""The exchange on a port: websocket and REST in one `websockets` server, and the pump that sends trades."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from email.utils import formatdate
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response

from market.simulator.clients import Client, Crowd
from market.simulator.control import PREFIX as CONTROL
from market.simulator.control import Control
from market.simulator.faults import FaultBox
from market.simulator.frames import agg_trade, stream_name
from market.simulator.ledger import Ledger
from market.simulator.market import MINUTE_MS, model_of
from market.simulator.options import SimulatorOptions
from market.simulator.protocol import CLOSE_ABRUPT, Session, entrance_of
from market.simulator.recording import RecordingSource, read_recordings
from market.simulator.replies import Reply, unknown_path
from market.simulator.rest import RestApi
from market.simulator.source import Batch, FloodSource, MarketSource, Source
from market.simulator.symbols import contracts_named
from market.simulator.weights import Budget

_STEP_SECONDS = 0.02
_KEEP_MS = 26 * 3_600_000
#: A fast playback waits while a reader has this much unread
_FULL_BYTES = 2_000_000
_HANDSHAKE_SECONDS = 120
_log = logging.getLogger(__name__)
_wire_log = logging.getLogger(f"{__name__}.wire")
_wire_log.setLevel(logging.CRITICAL)  # a peer that goes away is everyday life here


def wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


class _Connection(ServerConnection):
    """A connection that tells of each frame it hears, pings and pongs included: all count against the limit."""

    heard: Callable[[], None] | None = None

    def process_event(self, event: Any) -> None:
        if self.heard is not None and isinstance(event, Frame) and event.opcode is not Opcode.CLOSE:
            self.heard()
        super().process_event(event)


class SimulatedExchange:
    """`async with SimulatedExchange(options) as exchange:` serves on `exchange.port` until the block ends."""

    def __init__(self, options: SimulatorOptions, *, clock_ms: Callable[[], int] = wall_clock_ms) -> None:
        self.options = options
        self.ledger = Ledger()
        self.faults = FaultBox({fault.name: fault for fault in options.faults})
        self.crowd = Crowd()
        self._wall_ms = clock_ms
        self.source = _source(options, self.ledger, clock_ms())
        self.rest = RestApi(
            self.ledger,
            self.source.contracts,
            clock_ms=self.clock_ms,
            depth_ms=round(options.depth_hours * 3_600_000),
            budget=Budget(limit=options.weight_limit),
            faults=self.faults,
        )
        self.control = Control(
            self.ledger, self.faults, cut=self.crowd.cut, state=self.state, on_fault=self._heed_half_open
        )
        self._has_begun = False
        self._sent = 0
        self._next_cut = 0.0
        self._swept_ms = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def clock_ms(self) -> int:
        return self.source.clock_ms(self._wall_ms())

    async def __aenter__(self) -> Self:
        self._server: Server = await serve(
            self._talk,
            self.options.host,
            self.options.port,
            create_connection=_Connection,
            process_request=self._answer,
            compression=None,
            ping_interval=None,
            open_timeout=_HANDSHAKE_SECONDS,
            close_timeout=1,
            max_size=None,
            server_header=None,
            logger=_wire_log,
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.pump = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pump.cancel()
        self._server.close()
        if self.faults.get("half-open") is not None:
            self.crowd.cut()
        await self._server.wait_closed()
        for task in self._tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await self.pump

    # --- trades ---------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            has_room = not self.source.has_backlog or self.crowd.most_unread() < _FULL_BYTES
            if has_room:
                self.step()
            await asyncio.sleep(0 if has_room and self.source.has_backlog else _STEP_SECONDS)

    def step(self) -> int:
        """Send what is due; the number of trades that happened."""
        wall = self._wall_ms()
        self._keep_cutting()
        if not self._has_begun and not self._may_begin():
            return 0
        self._has_begun = True
        self.source.start(wall)
        happened = [self._publish(self.faults.at_source(batch)) for batch in self.source.due(wall)]
        self.crowd.flush(is_dead=self.faults.get("half-open") is not None)
        if wall - self._swept_ms > MINUTE_MS:
            self._swept_ms = wall
            self.ledger.drop_before(self.clock_ms() - max(_KEEP_MS, round(self.options.depth_hours * 3_600_000)))
        return sum(happened)

    def _may_begin(self) -> bool:
        least = self.options.wait_subscribers
        return all(self.crowd.subscribers(stream_name(symbol)) >= least for symbol in self.source.waits_for)

    def _publish(self, batch: Batch) -> int:
        self.ledger.append(batch.symbol, batch.rows)
        stream = stream_name(batch.symbol)
        if self.crowd.subscribers(stream):
            texts = batch.texts or [agg_trade(batch.symbol, row) for row in batch.rows.tolist()]
            sent = self.faults.on_the_way(batch.symbol, list(texts))
            self.crowd.send(stream, sent)
            self._sent += len(sent)
        return len(batch.rows)

    def _keep_cutting(self) -> None:
        values = self.faults.get("cut")
        now = time.monotonic()
        if values is None:
            self._next_cut = 0.0
        elif not self._next_cut:
            self._next_cut = now + values["every"]
        elif now >= self._next_cut:
            self._next_cut = now + values["every"]
            self.crowd.cut()

    def _heed_half_open(self) -> None:
        self.crowd.set_deaf(is_deaf=self.faults.get("half-open") is not None)

    # --- websocket ------------------------------------------------------------------------------------------

    async def _talk(self, connection: ServerConnection) -> None:
        assert isinstance(connection, _Connection)
        entrance = entrance_of(connection.request.path) if connection.request else None
        assert entrance is not None
        client = Client(connection, Session(entrance))
        connection.heard = lambda: self._count(client)
        self.crowd.add(client)
        end = asyncio.get_running_loop().call_later(self.options.life_seconds, client.abort)
        pings = self._spawn(self._ping(client))
        if self.faults.get("half-open") is not None:
            self._heed_half_open()
        try:
            async for message in connection:
                await self._reply(client, message)
        except ConnectionClosed:
            pass
        finally:
            end.cancel()
            pings.cancel()
            self.crowd.remove(client)

    async def _reply(self, client: Client, message: str | bytes) -> None:
        answer = client.session.receive(message if isinstance(message, str) else message.decode(errors="replace"))
        self.crowd.refresh(client)
        late = self.faults.get("late-ack")
        if late is not None:
            await asyncio.sleep(late["delay"])
        for reply in answer.replies:
            await client.connection.send(reply)
        if answer.close_code == CLOSE_ABRUPT:
            client.abort()
        elif answer.close_code is not None:
            await client.connection.close(answer.close_code, answer.close_reason)

    def _count(self, client: Client) -> None:
        answer = client.session.hear(time.monotonic())
        if answer.close_code is not None and not client.is_closing:
            client.is_closing = True
            self._spawn(client.connection.close(answer.close_code, answer.close_reason))

    async def _ping(self, client: Client) -> None:
        """Ping in time; a client that answers none of them for `pong_seconds` is dropped."""
        waiting: list[tuple[float, Any]] = []
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(self.options.ping_seconds)
                now = time.monotonic()
                waiting = [(since, pong) for since, pong in waiting if not pong.done()]
                if waiting and now - waiting[0][0] >= self.options.pong_seconds:
                    client.abort()
                    return
                if self.faults.get("half-open") is None:
                    waiting.append((now, await client.connection.ping(str(self.clock_ms()))))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- HTTP -----------------------------------------------------------------------------------------------

    async def _answer(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a plain request; None lets a websocket handshake go on."""
        if request.path.startswith(CONTROL):
            return _response(self.control.handle(request.path))
        is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
        if is_upgrade and entrance_of(request.path) is not None:
            refusal = self.faults.refusal("ws")
            return None if refusal is None else _response(self.rest.refusal(refusal))
        if is_upgrade:
            return _response(unknown_path(request.path))
        slow = self.faults.get("slow-rest")
        if slow is not None:
            await asyncio.sleep(slow["delay"])
        return _response(self.rest.handle(request.path))

    def state(self) -> dict[str, Any]:
        """What tests may ask of the exchange."""
        symbols = {
            symbol: {
                "first_id": int(ledger.rows["a"][0]),
                "last_id": int(ledger.rows["a"][-1]),
                "rows": len(ledger.rows),
            }
            for symbol, ledger in self.ledger.items()
            if len(ledger.rows)
        }
        return {
            "symbols": symbols,
            "sockets": len(self.crowd),
            "subscriptions": self.crowd.streams(),
            "rest_calls": self.rest.calls,
            "sent": self._sent,
            "started": self._has_begun,
            "finished": self.source.is_finished,
            "clock_ms": self.clock_ms(),
            "faults": sorted(self.faults.active),
        }


def _source(options: SimulatorOptions, ledger: Ledger, wall_ms: int) -> Source:
    if options.recording:
        recorded = read_recordings(options.recording)
        return RecordingSource(recorded, speed=options.speed, keeps_times=options.keep_times)
    contracts = contracts_named(options.symbols)
    if options.flood:
        busy = model_of(seed=options.seed, contracts=contracts, rate=1.05 * options.flood / 60 + 1)
        return FloodSource(busy, count=options.flood, until_ms=wall_ms)
    market = MarketSource(model_of(seed=options.seed, contracts=contracts, rate=options.rate))
    market.fill(ledger, since_ms=wall_ms - options.history_minutes * MINUTE_MS, wall_ms=wall_ms)
    return market


def _response(reply: Reply) -> Response:
    headers = Headers(reply.headers)
    headers["Date"] = formatdate(usegmt=True)
    headers["Content-Length"] = str(len(reply.body))
    headers["Connection"] = "close"
    return Response(reply.status, HTTPStatus(reply.status).phrase, headers, reply.body)
