"""Keeps one connection alive: opens, renews with overlap, gives up on silence, backs off."""

import asyncio
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from websockets.exceptions import InvalidStatus, WebSocketException

from market.ingest.backoff import delays
from market.ingest.connection import Connection
from market.ingest.silence import FIRST_GUESS
from market.ingest.socket import Bell
from market.ingest.states import Standing, State
from market.venues.base import Venue

logger = logging.getLogger(__name__)

STEP_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Terms:
    """Seconds. A socket is replaced after `renew`, before the exchange drops it at 24 h; both run for `overlap`."""

    renew: float = 23 * 3600.0
    overlap: float = 3.0


class Feed:
    """`connections` are those whose inboxes must be emptied: one, two while renewing, closed ones until empty."""

    def __init__(
        self,
        venue: Venue,
        bell: Bell,
        *,
        on_open: Callable[[bool], None],
        terms: Terms | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.venue = venue
        self.connections: list[Connection] = []
        self.wanted: set[str] = set()
        self.standing = Standing(State.CONNECTING)
        self.hold = ""
        self.reconnects = 0
        self.connected_at: float | None = None
        self._bell = bell
        self._on_open = on_open
        self._terms = terms or Terms()
        self._clock = clock
        self._delays = delays(random.random)
        self._usual = FIRST_GUESS

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            if self.hold or not self.wanted:
                self.standing = Standing(State.PAUSED, self.hold or "no symbol is wanted")
                await asyncio.sleep(STEP_SECONDS)
                continue
            connection = await self._open()
            if connection is None:
                await self._rest()
                continue
            if self.standing.state != State.SILENT:
                self.standing = Standing(State.CONNECTING, "subscribing")
            reason = await self._serve(connection)
            if reason:
                self.reconnects += 1
                if self.standing.state != State.SILENT:
                    self.standing = Standing(State.CONNECTING, f"reconnecting: {reason}")
                logger.warning("connection to %s ended: %s", self.venue.name, reason)
                await self._rest()

    async def close(self) -> None:
        for connection in self.connections:
            await connection.close()

    def drop_empty(self) -> None:
        """Forget closed connections whose frames are all taken."""
        self.connections = [c for c in self.connections if c.is_open or c.inbox.frames]

    async def _open(self, *, is_renewal: bool = False) -> Connection | None:
        connection = Connection(self.venue, self._bell, self._clock)
        try:
            await connection.open()
        except InvalidStatus as error:
            self._refused(error.response.status_code)
            return None
        except (OSError, TimeoutError, WebSocketException) as error:
            if not is_renewal:
                self.standing = Standing(State.CONNECTING, f"cannot connect: {error or type(error).__name__}"[:300])
            return None
        connection.rhythm.usual = self._usual
        self.connections.append(connection)
        self.connected_at = time.time()
        self._on_open(is_renewal)
        return connection

    def _refused(self, status: int) -> None:
        if status == 451:
            self.standing = Standing(State.BLOCKED, "the exchange refuses this region (HTTP 451)")
        else:
            self.standing = Standing(State.CONNECTING, f"the exchange answered HTTP {status}")

    async def _rest(self) -> None:
        end = self._clock() + next(self._delays)
        while self._clock() < end and not self.hold:  # noqa: ASYNC110 - the clock is injected
            await asyncio.sleep(STEP_SECONDS)

    async def _serve(self, connection: Connection) -> str:
        """Drive a connection, and its successors; the reason of the end, empty when it was wished."""
        renewal_from = self._clock() + self._terms.renew
        while True:
            if self.hold or not self.wanted:
                await connection.close()
                return ""
            if not connection.is_open:
                return connection.end
            await connection.step(self.wanted)
            silence = self._judge(connection)
            if silence:
                await connection.close()
                return silence
            if self._clock() >= renewal_from:
                successor = await self._renew(connection)
                connection = successor or connection
                renewal_from = self._clock() + (self._terms.renew if successor else min(60.0, self._terms.renew))
            await asyncio.sleep(STEP_SECONDS)

    def _judge(self, connection: Connection) -> str:
        """Update the standing; the reason to give the connection up, or nothing."""
        now = self._clock()
        self._usual = connection.rhythm.usual
        if connection.rhythm.is_silent(now) and not connection.inbox.frames:
            seconds = now - connection.rhythm.since
            what = "acknowledged, but" if connection.acknowledged_at is not None else "not acknowledged and"
            self.standing = Standing(State.SILENT, f"subscription {what} no trade for {seconds:.0f} s: route or symbol")
            return self.standing.reason
        if connection.last_error:
            self.standing = Standing(State.CONNECTING, connection.last_error)
        elif connection.rhythm.heard:
            if self.standing.state != State.LIVE:
                self._delays = delays(random.random)
            self.standing = Standing(State.LIVE)
        elif self.standing.state != State.SILENT:
            self.standing = Standing(State.CONNECTING, "subscribed, no trade yet")
        return ""

    async def _renew(self, old: Connection) -> Connection | None:
        """Open a second connection, let both deliver, close the old one; None when the second did not come up."""
        new = await self._open(is_renewal=True)
        if new is None:
            return None
        confirmed_at: float | None = None
        while new.is_open and (confirmed_at is None or self._clock() < confirmed_at + self._terms.overlap):
            await asyncio.gather(new.step(self.wanted), old.step(self.wanted))
            if confirmed_at is None and new.confirms(self.wanted) and new.rhythm.heard:
                confirmed_at = self._clock()
            if self.hold or (confirmed_at is None and not old.is_open):
                break
            await asyncio.sleep(STEP_SECONDS)
        if confirmed_at is None and old.is_open:
            await new.close()
            return None
        await old.close()
        logger.info("connection to %s renewed", self.venue.name)
        return new
