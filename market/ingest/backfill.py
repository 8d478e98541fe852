"""Works down what is missing: gaps first, then quiet symbols after a reconnect, then the warm-up of new symbols."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from market.ingest import gaprows
from market.ingest.batch import Batch, Fill
from market.ingest.gaprows import Due
from market.ingest.pages import judge
from market.ingest.rest import Rest
from market.ingest.writer import DatabaseAwayError
from market.venues.base import Answer, Page, Refusal, Request

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
# The stream of a busy symbol answers by itself within this time
STREAM_FIRST_SECONDS = 5.0
LONGEST_DELAY = 300.0

Desk = Callable[..., Awaitable[Any]]


class Backfill:
    """`step` does one piece of work and says whether there was any."""

    def __init__(self, rest: Rest, desk: Desk, write: Callable[[Batch], Awaitable[None]]) -> None:
        self.rest = rest
        self._venue = rest.venue
        self._desk = desk
        self._write = write
        self._quiet: dict[int, tuple[str, float]] = {}
        self._cold: dict[int, str] = {}

    def check(self, symbols: Iterable[tuple[int, str]]) -> None:
        """Ask for the newest trade of these instruments unless the stream brings one before."""
        due = time.monotonic() + STREAM_FIRST_SECONDS
        self._quiet.update((instrument, (symbol, due)) for instrument, symbol in symbols)

    def warm(self, symbols: Iterable[tuple[int, str]]) -> None:
        """Fetch the history of these instruments once their first tick is stored."""
        if settings.WARMUP:
            self._cold.update(symbols)

    def heard(self, instruments: Iterable[int]) -> None:
        for instrument in instruments:
            self._quiet.pop(instrument, None)

    def forget(self, instruments: Iterable[int]) -> None:
        """These are not wanted any more."""
        for instrument in instruments:
            self._quiet.pop(instrument, None)
            self._cold.pop(instrument, None)

    async def run(self) -> None:
        while True:
            try:
                worked = await self.step()
            except (DatabaseError, DatabaseAwayError):
                worked = False
            if not worked:
                await asyncio.sleep(IDLE_SECONDS)

    async def step(self) -> bool:
        due: Due | None = await self._desk(gaprows.next_due, self._venue.name)
        if due is not None and not due.is_history:
            return await self._fill(due)
        if self._quiet and next(iter(self._quiet.values()))[1] <= time.monotonic():
            return await self._check_one()
        if self._cold:
            return await self._warm_one()
        return due is not None and await self._fill(due)

    async def _fill(self, due: Due) -> bool:
        wanted = due.wanted
        if not due.is_history and due.is_fresh and await self._desk(gaprows.is_complete, due):
            # The missing frames came late: nothing to ask for
            count = wanted.last_id - wanted.first_id + 1
            await self._write(Batch.of_fill(Fill(wanted.gap_id, None, wanted.first_ms, wanted.last_ms, filled=count)))
            return True
        oldest_served = _now_ms() - int(settings.REST_DEPTH.total_seconds() * 1000)
        if wanted.last_ms < oldest_served:
            await self._desk(gaprows.leave_to_dump, wanted.gap_id)
            return True
        request = self._venue.trades_from_id(due.symbol, wanted.start(self._venue.page_limit))
        page = await self._page(request, due.instrument)
        if page is None:
            return False
        outcome = (
            page.message
            if isinstance(page, Refusal)
            else judge(wanted, page, limit=self._venue.page_limit, is_served=wanted.first_ms >= oldest_served)
        )
        if isinstance(outcome, str):
            delay = min(LONGEST_DELAY, 2.0 ** min(wanted.tries, 10))
            await self._desk(gaprows.postpone, wanted.gap_id, outcome, delay)
            return True
        rejected = tuple(page.rejected) if isinstance(page, Page) else ()
        await self._write(Batch(rows=outcome.rows, voids=outcome.voids, rejected=rejected, fill=outcome.fill))
        if isinstance(page, Page) and not due.is_history:
            await self._fill_others(due, page)
        return True

    async def _fill_others(self, due: Due, page: Page) -> None:
        """Close the gaps that the page happens to hold as a whole: many small ones cost one call."""
        newest = max((int(rows["trade_id"].max()) for rows in (page.rows, page.voids) if len(rows)), default=0)
        for wanted in await self._desk(gaprows.within, due, newest):
            found = judge(wanted, page, limit=self._venue.page_limit, is_served=True)
            if not isinstance(found, str) and found.fill.remaining is None and found.fill.unreachable is None:
                await self._write(Batch(rows=found.rows, voids=found.voids, fill=found.fill))

    async def _check_one(self) -> bool:
        instrument, (symbol, _) = next(iter(self._quiet.items()))
        page = await self._page(self._venue.newest_trade(symbol), instrument)
        if page is None:
            return False
        self._quiet.pop(instrument, None)
        if isinstance(page, Page) and len(page.rows):
            await self._write(Batch(rows=page.rows[-1:]))
        return True

    async def _warm_one(self) -> bool:
        instrument, symbol = next(iter(self._cold.items()))
        start_ms = _now_ms() - int(settings.WARMUP.total_seconds() * 1000)
        oldest = await self._desk(gaprows.oldest_tick, instrument)
        if oldest is None:
            # Its first tick is not stored yet; the others need not wait for it
            self._cold[instrument] = self._cold.pop(instrument)
            return False
        if oldest.traded_ms <= start_ms or await self._desk(gaprows.has_history, instrument):
            self._cold.pop(instrument, None)
            return True
        page = await self._page(self._venue.trades_from_time(symbol, start_ms), instrument)
        if page is None:
            return False
        self._cold.pop(instrument, None)
        if isinstance(page, Page) and len(page.rows) and page.rows["trade_id"][0] < oldest.trade_id:
            first = page.rows[0]
            await self._desk(gaprows.open_history, instrument, int(first["trade_id"]), int(first["traded_ms"]), oldest)
        return True

    async def _page(self, request: Request, instrument: int) -> Page | Refusal | None:
        """The page; None when the budget does not allow the call now or the call closed it."""
        if self.rest.wait_for(request) > 0:
            return None
        answer = await self.rest.ask(request)
        if isinstance(answer, Answer):
            return self._venue.parse_trades(answer, instrument)
        if answer.kind in ("symbol", "unreadable"):
            return answer
        logger.info("back-filling waits: %s", answer.message)
        return None


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
