"""One transaction per batch: ticks, the batch row, the gaps it revealed, what was refused.

Runs in one thread with Django's connection of that thread; nothing else writes ticks.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from market import partitions
from market.ingest import quarantine
from market.ingest.batch import Batch
from market.ingest.copybinary import COLUMNS, encode
from market.ingest.fills import apply_fill
from market.ingest.gaps import GapDetector, Hole, Mark, Observation
from market.models import Gap, IngestBatch
from market.venues.base import Rejected, Rows, no_rows

logger = logging.getLogger(__name__)

#: Batch ids become visible in their order: the lock is held from taking an id to the commit
ORDER_LOCK = 7_210_002
# A hole in the stream may be a late frame: REST is asked only after this
FIRST_TRY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a commit did."""

    instruments: frozenset[int]
    inserted: int
    holes: int
    path: str


class Recorder:
    """Writes batches of one venue; `detector` holds the high-water marks of what is committed."""

    def __init__(self, venue: str) -> None:
        self.venue = venue
        self.detector = GapDetector()
        self.watermark_ms = 0
        self._days: set[int] = set()
        self._has_staging = False

    def prepare(self, instruments: Sequence[int]) -> None:
        """Partitions ahead, and the marks of these instruments as the database holds them."""
        partitions.ensure_ahead(timezone.now())
        self.forget_connection()
        newest = IngestBatch.objects.filter(venue=self.venue).order_by("-id").first()
        self.watermark_ms = newest.watermark_ms if newest else 0
        self.learn(instruments)

    def forget_connection(self) -> None:
        """A new session has no temporary table, and days may have been dropped meanwhile."""
        self._days = partitions.existing_days()
        self._has_staging = False

    def learn(self, instruments: Sequence[int]) -> None:
        """Set the marks of instruments not known yet from their newest stored tick."""
        for instrument in instruments:
            if instrument not in self.detector.marks:
                mark = newest_tick(instrument)
                if mark is not None:
                    self.detector.marks[instrument] = mark

    def record(self, batch: Batch) -> Receipt:
        """Commit a batch. Database errors pass through with nothing changed."""
        seen = np.concatenate((batch.rows, batch.voids)) if len(batch.voids) else batch.rows
        observation = self.detector.observe(seen, jump_cause="rejected" if batch.had_rejects else "jump")
        rows = batch.rows if len(batch.voids) else batch.rows[observation.order]
        # Ids strictly above everything committed cannot be there; all else is checked by the key
        direct = observation.all_new and batch.fill is None and len(observation.order) == len(seen)
        self._ensure_days(rows)
        try:
            receipt = self._commit(batch, rows, observation, direct=direct)
        except IntegrityError:
            logger.warning("ids thought new were there already: writing %d ticks through staging", len(rows))
            receipt = self._commit(batch, rows, observation, direct=False)
        if batch.fill is None:
            self.detector.commit(observation)
            self.watermark_ms = max(self.watermark_ms, batch.watermark_ms)
        return receipt

    def record_bisecting(self, batch: Batch) -> list[Receipt]:
        """As `record`; a row the database refuses is quarantined alone, the others are stored."""
        try:
            return [self.record(batch)]
        except (DataError, IntegrityError) as error:
            if len(batch.rows) == 1:
                refused = Rejected("database", str(error)[:500], str(batch.rows[0]))
                # Its id still counts as seen
                voids = np.concatenate((batch.voids, batch.rows))
                rejected = (*batch.rejected, refused)
                return [self.record(replace(batch, rows=batch.rows[:0], voids=voids, rejected=rejected))]
            half = len(batch.rows) // 2
            # The gap closes with the last of its rows
            first = replace(batch, rows=batch.rows[:half], fill=None)
            second = replace(batch, rows=batch.rows[half:], voids=no_rows(), rejected=())
            return self.record_bisecting(first) + self.record_bisecting(second)

    def _ensure_days(self, rows: Rows) -> None:
        for day in np.unique(rows["traded_ms"] // partitions.DAY_MS).tolist() if len(rows) else ():
            if day not in self._days:
                partitions.ensure_day(day)
                self._days.add(day)

    def _commit(self, batch: Batch, rows: Rows, observation: Observation, *, direct: bool) -> Receipt:
        holes = observation.holes if batch.fill is None else []
        with transaction.atomic():
            inserted = self._copy_direct(rows) if direct else self._copy_staged(rows)
            if batch.rejected:
                quarantine.keep(self.venue, batch.rejected)
            if holes:
                _open_gaps(holes)
            if batch.fill is not None:
                apply_fill(batch.fill)
            if inserted or holes or batch.fill is not None:
                self._append_batch_row(batch, rows, observation)
        instruments = frozenset(np.unique(rows["instrument"]).tolist()) if len(rows) else frozenset()
        return Receipt(instruments, inserted, len(holes), "direct" if direct else "staging")

    def _copy_direct(self, rows: Rows) -> int:
        for day, part in _by_day(rows):
            self._copy(partitions.partition_of(day), part)
        return len(rows)

    def _copy_staged(self, rows: Rows) -> int:
        if not len(rows):
            return 0
        inserted = 0
        with connection.cursor() as cursor:
            if not self._has_staging:
                cursor.execute("CREATE TEMP TABLE IF NOT EXISTS tick_staging (LIKE market_tick) ON COMMIT DELETE ROWS")
                transaction.on_commit(self._remember_staging)
            for day, part in _by_day(rows):
                cursor.execute("TRUNCATE tick_staging")
                self._copy("tick_staging", part)
                cursor.execute(
                    f"INSERT INTO {partitions.partition_of(day)} ({COLUMNS}) "  # noqa: S608 - names made here
                    f"SELECT {COLUMNS} FROM tick_staging ON CONFLICT DO NOTHING"
                )
                inserted += cursor.rowcount
        return inserted

    def _remember_staging(self) -> None:
        self._has_staging = True

    def _copy(self, table: str, rows: Rows) -> None:
        order = f"COPY {table} ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.cursor.copy(order) as copy:
            copy.write(encode(rows))

    def _append_batch_row(self, batch: Batch, rows: Rows, observation: Observation) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
        IngestBatch.objects.create(
            venue=self.venue,
            committed_at=timezone.now(),
            watermark_ms=max(self.watermark_ms, batch.watermark_ms) if batch.fill is None else self.watermark_ms,
            received_ms=batch.received_ms or None,
            ranges=_ranges(rows, self.detector.marks),
        )


def newest_tick(instrument: int) -> Mark | None:
    """The stored tick with the highest id; read from the keys of the partitions."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint FROM market_tick "
            "WHERE instrument_id = %s ORDER BY trade_id DESC LIMIT 1",
            [instrument],
        )
        found = cursor.fetchone()
    return Mark(*found) if found else None


def _by_day(rows: Rows) -> list[tuple[int, Rows]]:
    days = rows["traded_ms"] // partitions.DAY_MS
    return [(day, rows[days == day]) for day in np.unique(days).tolist()]


def _ranges(rows: Rows, marks: dict[int, Mark]) -> list[list[int]]:
    """[instrument, first id, last id, first ms, last ms, count]; late rows are a range of their own."""
    ranges = []
    for instrument in np.unique(rows["instrument"]).tolist():
        part = rows[rows["instrument"] == instrument]
        mark = marks.get(instrument)
        late = part["trade_id"] <= mark.trade_id if mark else np.zeros(len(part), np.bool_)
        for piece in (part[late], part[~late]):
            if len(piece):
                ids, times = piece["trade_id"], piece["traded_ms"]
                bounds = (ids.min(), ids.max(), times.min(), times.max())
                ranges.append([instrument, *(int(b) for b in bounds), len(piece)])
    return ranges


def _open_gaps(holes: list[Hole]) -> None:
    first_try = timezone.now() + FIRST_TRY
    gaps = [
        Gap(
            instrument_id=hole.instrument,
            first_id=hole.first_id,
            last_id=hole.last_id,
            first_ms=hole.first_ms,
            last_ms=hole.last_ms,
            cause=hole.cause,
            next_try_at=first_try,
        )
        for hole in holes
    ]
    Gap.objects.bulk_create(gaps, ignore_conflicts=True)
