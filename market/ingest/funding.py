"""Asks the venue for the funding of its perpetuals, within the weight budget. Its failure costs nothing else."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from django.db import DatabaseError

from market import funding
from market.ingest.rest import Rest
from market.venues.base import Answer, Funding, Request, Venue

logger = logging.getLogger(__name__)

RETRY_SECONDS = 15.0
#: how often the intervals between fundings are asked for
INTERVALS_SECONDS = 3_600.0

Desk = Callable[..., Awaitable[Any]]


class FundingPoll:
    """`step` asks once and returns the seconds until the next time."""

    def __init__(
        self,
        venue: Venue,
        rest: Rest,
        desk: Desk,
        publish: Callable[[Mapping[str, str]], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._venue = venue
        self._rest = rest
        self._desk = desk
        self._publish = publish
        self._clock = clock
        self._intervals: Mapping[str, int] | None = None
        self._intervals_at = float("-inf")
        self._next_ms: dict[str, int] = {}
        self._is_settled_due = True

    async def step(self) -> float:
        try:
            await self._learn_intervals()
            found = await self._told()
            if found is None:
                await self._publish(await self._desk(funding.late_frames, self._venue.name))
                return RETRY_SECONDS
            await self._publish(await self._stored(found))
            await self._learn_settled()
        except DatabaseError as error:
            logger.info("funding is not stored, Postgres is away: %s", error)
            return RETRY_SECONDS
        return funding.POLL.total_seconds()

    async def _told(self) -> list[Funding] | None:
        answer = await self._ask(self._venue.funding_request())
        found = self._venue.parse_funding(answer) if answer else None
        return found if isinstance(found, list) else None

    async def _stored(self, found: Sequence[Funding]) -> Mapping[str, str]:
        next_ms = {row.symbol: row.next_ms for row in found}
        # A next time that has moved on: a funding took place
        if any(self._next_ms.get(symbol, ms) != ms for symbol, ms in next_ms.items()):
            self._is_settled_due = True
        self._next_ms = next_ms
        frames: Mapping[str, str] = await self._desk(
            funding.store, self._venue.name, found, self._intervals, self._venue.standard_interval_hours
        )
        return frames

    async def _learn_intervals(self) -> None:
        if self._clock() - self._intervals_at < INTERVALS_SECONDS:
            return
        answer = await self._ask(self._venue.intervals_request())
        found = self._venue.parse_intervals(answer) if answer else None
        if isinstance(found, Mapping):
            self._intervals, self._intervals_at = found, self._clock()

    async def _learn_settled(self) -> None:
        """Fundings that took place, a page at a time; a full page has another one behind it."""
        if not self._is_settled_due:
            return
        start_ms = await self._desk(funding.settled_until_ms, self._venue.name)
        answer = await self._ask(self._venue.settled_request(start_ms))
        found = self._venue.parse_settled(answer) if answer else None
        if isinstance(found, list):
            await self._desk(funding.store_settled, self._venue.name, found)
            self._is_settled_due = len(found) >= self._venue.settled_limit

    async def _ask(self, request: Request) -> Answer | None:
        """None while the budget is closed, or when the venue refuses; the next step asks again."""
        if self._rest.wait_for(request):
            return None
        answer = await self._rest.ask(request)
        return answer if isinstance(answer, Answer) else None
