"""The recorder as one process: the loops and what flows between them.

Event loop: sockets, parsing, REST, pushing. Two threads with a database connection each: the writer, and the desk for
questions and states. Queues between them are bounded; when the writer is slow the sockets pause.
"""

import asyncio
import contextlib
import itertools
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from market import instruments
from market.ingest import symbols
from market.ingest.backfill import Backfill
from market.ingest.batch import Batch
from market.ingest.budget import WeightBudget
from market.ingest.connection import Connection
from market.ingest.feed import Feed, Terms
from market.ingest.funding import RETRY_SECONDS as FUNDING_RETRY_SECONDS
from market.ingest.funding import FundingPoll
from market.ingest.lock import IngestLock
from market.ingest.notice import Notice
from market.ingest.recorder import Receipt, Recorder
from market.ingest.rest import Rest
from market.ingest.socket import Bell
from market.ingest.spool import Spool
from market.ingest.status import Status
from market.ingest.symbols import Orders
from market.ingest.writer import DatabaseAwayError, Writer
from market.prices import INTERVAL as PRICE_INTERVAL
from market.prices import Publisher
from market.venues.base import Answer, Venue

logger = logging.getLogger(__name__)

BATCH_FRAMES = 10_000
FLUSH_SECONDS = 0.25
QUEUED_BATCHES = 8
ORDERS_SECONDS = 2.0
STATES_SECONDS = 1.0
#: the state of the feed is told when it changes, and once in so many rounds
TELL_ROUNDS = 5
LOCK_SECONDS = 1.0
LISTINGS_SECONDS = 300.0
LISTINGS_RETRY_SECONDS = 15.0


@dataclass(slots=True)
class _Item:
    """A batch on its way to the writer; `done` is set for those somebody waits for."""

    batch: Batch
    done: asyncio.Future[None] | None = field(default=None)


class Ingest:
    """Records one venue while this process holds the lock."""

    def __init__(
        self,
        venue: Venue,
        *,
        terms: Terms | None = None,
        seed: list[str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.venue = venue
        self.orders = Orders({}, {}, is_paused=False, paused_by="")
        self._seed = seed or list(venue.default_symbols())
        self._bell = Bell(BATCH_FRAMES)
        self._stop = asyncio.Event()
        self._is_ending = False
        self._queue: asyncio.Queue[_Item] = asyncio.Queue(QUEUED_BATCHES)
        self._recorder = Recorder(venue.name)
        self._writer = Writer(self._recorder, Spool(Path(settings.HOME) / "spool" / venue.name, settings.SPOOL_BYTES))
        self._writer_pool = ThreadPoolExecutor(1, "writer")
        self._desk_pool = ThreadPoolExecutor(1, "desk")
        self._lock = IngestLock()
        self._notice = Notice()
        self._publisher = Publisher(settings.REDIS_URL)
        self._has_prices = asyncio.Event()
        budget = WeightBudget(settings.REST_WEIGHT_PER_MINUTE, venue.weight_limit, time.monotonic)
        self.rest = Rest(venue, budget)
        self.backfill = Backfill(self.rest, self._desk, self._put_and_wait)
        self.funding = FundingPoll(venue, self.rest, self._desk, self._publisher.publish)
        self.feed = Feed(venue, self._bell, on_open=self._opened, terms=terms, clock=clock)
        self.status = Status(venue.name, self.feed, clock)

    def stop(self) -> None:
        """End after what was read is stored."""
        self._stop.set()

    async def run(self) -> None:
        """Stand by for the lock, record, and stand by again when it is lost; until `stop`."""
        try:
            while not self._stop.is_set():
                if await self._take_lock():
                    await self._record()
        finally:
            await self._in_desk(self._lock.release)
            self._notice.close()
            await self.rest.close()
            await self._publisher.close()
            for pool in (self._writer_pool, self._desk_pool):
                pool.submit(connections.close_all)
                pool.shutdown()

    async def _take_lock(self) -> bool:
        held = await self._in_desk(self._lock.step)
        if held == "other":
            logger.info("another ingest is recording; standing by")
        while held != "held":
            if await self._stopped_within(LOCK_SECONDS):
                return False
            held = await self._in_desk(self._lock.step)
        return True

    async def _record(self) -> None:
        if not await self._prepare():
            return
        logger.info("recording %s: %s", self.venue.name, ", ".join(self.orders.instruments) or "no symbol yet")
        self._is_ending = False
        writing = asyncio.create_task(self._write_loop())
        loops = [
            asyncio.create_task(loop)
            for loop in (
                self.feed.run(),
                self.backfill.run(),
                self._orders_loop(),
                self._listings_loop(),
                self._states_loop(),
                self._prices_loop(),
                self._funding_loop(),
            )
        ]
        pumping = asyncio.create_task(self._pump_loop())
        keeping = asyncio.create_task(self._keep_lock())
        stopping = asyncio.create_task(self._stop.wait())
        await asyncio.wait([*loops, pumping, keeping, stopping, writing], return_when=asyncio.FIRST_COMPLETED)
        await _cancel([*loops, keeping, stopping])
        await self.feed.close()
        if writing.done() or pumping.done():
            # A fault of the program, not of the world: end loudly, the restart goes on from what is stored
            await _cancel([writing, pumping])
        self._is_ending = True
        self._bell.some.set()
        self._bell.enough.set()
        await pumping
        await self._drain()
        await self._queue.join()
        await _cancel([writing])

    async def _prepare(self) -> bool:
        """Orders, marks and spool, before the first frame; waits for Postgres."""
        while not self._stop.is_set():
            try:
                await self._desk(symbols.seed, self.venue.name, self._seed)
                self.orders = await self._desk(symbols.read_orders, self.venue.name)
                wanted = list(self.orders.instruments.values())
                receipts = await self._in_writer(self._writer.start, wanted)
            except (DatabaseError, DatabaseAwayError) as error:
                logger.warning("waiting for Postgres: %s", str(error).strip().splitlines()[0])
                await self._stopped_within(1.0)
            else:
                self._tell(receipts)
                self._recorder.detector.expect(wanted, "restart")
                self._apply_orders()
                self.backfill.warm((i, s) for s, i in self.orders.instruments.items())
                return True
        return False

    # --- frames to batches ----------------------------------------------------------------------

    async def _pump_loop(self) -> None:
        """Ended by `_is_ending`, never cancelled: frames taken from an inbox must reach the queue."""
        while not self._is_ending:
            await self._bell.some.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._bell.enough.wait()
            await self._drain()

    async def _drain(self) -> None:
        """Everything in the inboxes goes to the queue; waits while the writer is behind."""
        self._bell.some.clear()
        self._bell.enough.clear()
        for connection in list(self.feed.connections):
            while connection.inbox.frames:
                frames, first_at_ms = connection.inbox.take(BATCH_FRAMES)
                batch = self._parse(connection, frames, first_at_ms)
                if batch is not None:
                    await self._queue.put(_Item(batch))
        self.feed.drop_empty()

    def _parse(self, connection: Connection, frames: list[bytes], first_at_ms: int) -> Batch | None:
        now_ms = time.time_ns() // 1_000_000
        parsed = self.venue.parse_frames(frames, self.orders.instruments, now_ms)
        for reply in parsed.replies:
            connection.answer(reply)
        rows = parsed.rows
        if len(rows):
            connection.hear(int(rows["traded_ms"].max()))
            self._publisher.offer(rows, first_at_ms)
            self._has_prices.set()
            self.backfill.heard(self.status.hear(rows))
        if not (len(rows) or len(parsed.voids) or parsed.rejected):
            return None
        return Batch(
            rows=rows,
            voids=parsed.voids,
            rejected=tuple(parsed.rejected),
            received_ms=first_at_ms,
            watermark_ms=connection.watermark_ms,
            had_rejects=bool(parsed.rejected),
        )

    def _opened(self, is_renewal: bool) -> None:
        if not is_renewal:
            wanted = self.orders.instruments
            if self.feed.reconnects:
                self._recorder.detector.expect(list(wanted.values()), "cut")
            self.backfill.check((instrument, symbol) for symbol, instrument in wanted.items())

    # --- batches to Postgres --------------------------------------------------------------------

    async def _write_loop(self) -> None:
        while True:
            try:
                async with asyncio.timeout(STATES_SECONDS):
                    item = await self._queue.get()
            except TimeoutError:
                self._tell(await self._in_writer(self._writer.step))
                continue
            try:
                self._tell(await self._in_writer(self._writer.write, item.batch))
            except (DatabaseAwayError, DatabaseError) as error:
                if item.done is None:
                    logger.exception(
                        "a batch of %d ticks was not stored; its ids will be asked for", len(item.batch.rows)
                    )
                elif not item.done.done():
                    item.done.set_exception(error)
            else:
                if item.done is not None and not item.done.done():
                    item.done.set_result(None)
            finally:
                self._queue.task_done()

    async def _put_and_wait(self, batch: Batch) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self._queue.put(_Item(batch, done))
        await done

    def _tell(self, receipts: list[Receipt]) -> None:
        for receipt in receipts:
            if receipt.instruments:
                self._notice.tell()

    # --- what the database orders ---------------------------------------------------------------

    async def _orders_loop(self) -> None:
        while True:
            await asyncio.sleep(ORDERS_SECONDS)
            try:
                orders = await self._desk(symbols.read_orders, self.venue.name)
                added = {s: i for s, i in orders.instruments.items() if s not in self.orders.instruments}
                if added:
                    await self._in_writer(self._recorder.learn, list(added.values()))
            except DatabaseError:
                continue
            removed = [i for s, i in self.orders.instruments.items() if s not in orders.instruments]
            self.orders = orders
            self._recorder.detector.expect(list(added.values()), "restart")
            self.backfill.forget(removed)
            self.status.forget(removed)
            new = [(instrument, symbol) for symbol, instrument in added.items()]
            self.backfill.check(new)
            self.backfill.warm(new)
            self._apply_orders()

    def _apply_orders(self) -> None:
        orders = self.orders
        self.feed.wanted = {s for s, i in orders.instruments.items() if i not in orders.halted}
        self.feed.hold = ""
        if orders.is_paused:
            self.feed.hold = f"paused by {orders.paused_by}" if orders.paused_by else "paused"
        elif self._writer.is_full:
            self.feed.hold = "Postgres is away and the spool is full"

    async def _listings_loop(self) -> None:
        while True:
            pause = LISTINGS_RETRY_SECONDS
            request = self.venue.listings_request()
            if not self.rest.wait_for(request):
                answer = await self.rest.ask(request)
                if isinstance(answer, Answer):
                    listings = self.venue.parse_listings(answer, time.time_ns() // 1_000_000)
                    if isinstance(listings, list):
                        pause = LISTINGS_SECONDS
                        try:
                            await self._desk(instruments.sync, self.venue.name, listings)
                        except DatabaseError:
                            pause = LISTINGS_RETRY_SECONDS
            await asyncio.sleep(pause)

    async def _funding_loop(self) -> None:
        while True:
            try:
                pause = await self.funding.step()
            except Exception:  # owner of the loop: trades are recorded on, whatever is wrong with funding
                logger.exception("funding is not known")
                pause = FUNDING_RETRY_SECONDS
            await asyncio.sleep(pause)

    # --- what is shown --------------------------------------------------------------------------

    async def _states_loop(self) -> None:
        for number in itertools.count():
            await asyncio.sleep(STATES_SECONDS)
            self._apply_orders()
            try:
                changed = await self._desk(self.status.write, self.orders)
            except DatabaseError:
                changed = True
            if changed or number % TELL_ROUNDS == 0:
                refusal = self.rest.budget.refusal
                await self._publisher.publish_feed(self.status.payload(self.orders, refusal.message if refusal else ""))

    async def _prices_loop(self) -> None:
        while True:
            # At once when a batch comes after a pause, then at most every PRICE_INTERVAL
            await self._has_prices.wait()
            self._has_prices.clear()
            names = {
                instrument: f"{self.venue.name}:{symbol}" for symbol, instrument in self.orders.instruments.items()
            }
            await self._publisher.step(names)
            await asyncio.sleep(PRICE_INTERVAL)

    async def _keep_lock(self) -> None:
        """Returns when another process has the lock; Postgres being away is no reason to stop reading."""
        while True:
            await asyncio.sleep(LOCK_SECONDS)
            if await self._in_desk(self._lock.step) == "other":
                logger.warning("another ingest took over while Postgres was away; standing by")
                return

    # --- threads --------------------------------------------------------------------------------

    async def _in_writer(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._writer_pool, function, *args)

    async def _in_desk(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._desk_pool, function, *args)

    async def _desk(self, function: Callable[..., Any], *args: Any) -> Any:
        """As `_in_desk`; a connection that broke is closed, so that the next call opens a new one."""
        try:
            return await self._in_desk(function, *args)
        except DatabaseError:
            await self._in_desk(connections.close_all)
            raise

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True


async def _cancel(tasks: list[asyncio.Task[Any]]) -> None:
    """Cancel and await; an error that ended one of them passes through."""
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
