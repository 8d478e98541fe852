"""Batches into Postgres, or into the spool while it is away; in order in both cases. Runs in one thread."""

import logging
import time
from collections.abc import Callable, Sequence

from django.db import DatabaseError, InterfaceError, OperationalError, connection

from market.errors import LivepairsError
from market.ingest.batch import Batch
from market.ingest.recorder import Receipt, Recorder
from market.ingest.spool import Spool, SpoolFullError

logger = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
_AWAY = (OperationalError, InterfaceError)


class DatabaseAwayError(LivepairsError):
    """Postgres cannot be reached; nothing was written."""


class Writer:
    """`write` never loses order: while the spool holds anything, new batches queue behind it."""

    def __init__(self, recorder: Recorder, spool: Spool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.recorder = recorder
        self.spool = spool
        self.is_away = False
        self.is_full = False
        self._clock = clock
        self._retry_at = 0.0

    def start(self, instruments: Sequence[int]) -> list[Receipt]:
        """Marks from the database, then the spool of an earlier life, before any new tick."""
        try:
            self.recorder.prepare(instruments)
        except _AWAY as error:
            self._lose(error)
            raise DatabaseAwayError(str(error)) from error
        return self._replay()

    def write(self, batch: Batch) -> list[Receipt]:
        """Commit a batch (and what was spooled before it); no receipt when it went to the spool."""
        receipts = self.step()
        if self.is_away or self.spool:
            self._put_aside(batch)
            return receipts
        try:
            return receipts + self.recorder.record_bisecting(batch)
        except _AWAY as error:
            self._lose(error)
            self._put_aside(batch)
            return receipts

    def step(self) -> list[Receipt]:
        """Try to come back and replay the spool; does nothing in normal times."""
        if not self.is_away and not self.spool:
            return []
        if self._clock() < self._retry_at:
            return []
        self._retry_at = self._clock() + RETRY_SECONDS
        try:
            connection.close()
            self.recorder.forget_connection()
        except DatabaseError as error:
            self._lose(error)
            return []
        if self.is_away:
            logger.warning("Postgres is back: replaying %d bytes of spool", self.spool.size())
        self.is_away = False
        return self._replay()

    def _replay(self) -> list[Receipt]:
        receipts: list[Receipt] = []
        for segment in self.spool.segments():
            try:
                for batch in self.spool.read(segment):
                    receipts += self.recorder.record_bisecting(batch)
            except _AWAY as error:
                self._lose(error)
                return receipts
            self.spool.remove(segment)
        self.is_full = False
        return receipts

    def _put_aside(self, batch: Batch) -> None:
        if batch.fill is not None:
            raise DatabaseAwayError("Postgres is away: the page will be asked for again")
        try:
            self.spool.append(batch)
        except (SpoolFullError, OSError) as error:
            if not self.is_full:
                logger.error("%s Reading stops; what is missed is asked for by REST later.", error)
            self.is_full = True

    def _lose(self, error: Exception) -> None:
        if not self.is_away:
            logger.warning("Postgres is away, ticks go to the spool: %s", str(error).strip().splitlines()[0])
        self.is_away = True
        self._retry_at = self._clock() + RETRY_SECONDS
        connection.close()
