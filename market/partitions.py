"""Day partitions of the tick table: made ahead, made on demand, dropped by retention."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

DAYS_AHEAD = 7
DAY_MS = 86_400_000
_PREFIX = "market_tick_"
#: Two processes that make the same day wait for each other instead of failing
_LOCK = 7_210_001


def partition_of(day: int) -> str:
    """Table that holds the UTC day `day` (days since 1970-01-01)."""
    return f"{_PREFIX}{_date(day):%Y%m%d}"


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


def existing_days() -> set[int]:
    """Days whose partition is attached."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = 'market_tick'::regclass"
        )
        names = [name for (name,) in cursor.fetchall()]
    epoch = date(1970, 1, 1)
    return {(datetime.strptime(n.removeprefix(_PREFIX), "%Y%m%d").date() - epoch).days for n in names}


def ensure_day(day: int) -> None:
    """Make and attach the partition of a day; does nothing when it is there.

    Built aside and attached: ATTACH lets reads and writes of the other days go on, CREATE … PARTITION OF does not.
    """
    name, start = partition_of(day), _date(day)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT 1 FROM pg_inherits WHERE inhrelid = to_regclass(%s)", [name])
        if cursor.fetchone():
            return
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} (LIKE market_tick INCLUDING CONSTRAINTS, "
            "PRIMARY KEY (instrument_id, trade_id))"
        )
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {name}_traded_at ON {name} USING brin (traded_at)")
        cursor.execute(
            f"ALTER TABLE market_tick ATTACH PARTITION {name} FOR VALUES "
            f"FROM ('{start} 00:00:00+00') TO ('{start + timedelta(days=1)} 00:00:00+00')"
        )


def ensure_ahead(now: datetime, *, days: int = DAYS_AHEAD) -> None:
    """Partitions for today and the next `days` days."""
    today = (now.astimezone(UTC).date() - date(1970, 1, 1)).days
    for day in sorted(set(range(today, today + days + 1)) - existing_days()):
        ensure_day(day)


def prune(before: datetime) -> list[str]:
    """Drop the partitions that end at or before `before`; the names of the dropped ones."""
    limit = (before.astimezone(UTC).date() - date(1970, 1, 1)).days
    dropped = []
    for day in sorted(existing_days()):
        if day < limit:
            name = partition_of(day)
            with connection.cursor() as cursor:
                # CONCURRENTLY: readers and the writer of today never wait for it
                cursor.execute(f"ALTER TABLE market_tick DETACH PARTITION {name} CONCURRENTLY")
                cursor.execute(f"DROP TABLE {name}")
            dropped.append(name)
    return dropped
