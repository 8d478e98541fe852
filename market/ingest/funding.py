"""Asks the venue for the funding of its perpetuals, within the weight budget. Its failure costs nothing else."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.db import DatabaseError

from market import funding
from market.ingest.rest import Rest
from market.venues.base import Answer, Request, Venue

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

    async def step(self) -> float:
        await self._learn_intervals()
        answer = await self._ask(self._venue.funding_request())
        found = self._venue.parse_funding(answer) if answer else None
        if not isinstance(found, list):
            return RETRY_SECONDS
        hours = self._venue.standard_interval_hours
        try:
            frames = await self._desk(funding.store, self._venue.name, found, self._intervals, hours)
        except DatabaseError:
            return RETRY_SECONDS
        await self._publish(frames)
        return funding.POLL.total_seconds()

    async def _learn_intervals(self) -> None:
        if self._clock() - self._intervals_at < INTERVALS_SECONDS:
            return
        answer = await self._ask(self._venue.intervals_request())
        found = self._venue.parse_intervals(answer) if answer else None
        if isinstance(found, Mapping):
            self._intervals, self._intervals_at = found, self._clock()

    async def _ask(self, request: Request) -> Answer | None:
        """None while the budget is closed, or when the venue refuses; the next step asks again."""
        if self._rest.wait_for(request):
            return None
        answer = await self._rest.ask(request)
        return answer if isinstance(answer, Answer) else None
