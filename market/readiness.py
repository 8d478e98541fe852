"""Is this installation able to serve? One answer for machines, with the numbers behind it."""

import re
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Max

from market.models import Gap, SymbolState

REDIS_TIMEOUT = 1.0
_BOUND = re.compile(r"TO \('([^']+)'\)")


@dataclass(frozen=True, slots=True)
class Readiness:
    """None is unknown: what it is read from does not answer."""

    database: bool
    redis: bool
    newest_tick_age_ms: int | None
    open_gaps: int | None
    partitions_ahead: int | None
    spool_bytes: int

    @property
    def is_ready(self) -> bool:
        return self.database and self.redis and bool(self.partitions_ahead)

    def as_dict(self) -> dict[str, object]:
        return {"ready": self.is_ready, **asdict(self)}


def readiness() -> Readiness:
    try:
        age, gaps, ahead = _newest_tick_age_ms(), Gap.objects.unfilled().count(), partitions_ahead()
    except DatabaseError:
        return Readiness(False, _has_redis(), None, None, None, _spool_bytes())
    return Readiness(True, _has_redis(), age, gaps, ahead, _spool_bytes())


def partitions_ahead() -> int:
    """Day partitions of the tick table that end after today: 1 is today's own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
               WHERE i.inhparent = 'market_tick'::regclass"""
        )
        bounds = [found.group(1) for (text,) in cursor.fetchall() if (found := _BOUND.search(text))]
    now = datetime.now(UTC)
    return sum(_as_utc(bound) > now for bound in bounds)


def _as_utc(text: str) -> datetime:
    bound = datetime.fromisoformat(text)
    return bound if bound.tzinfo else bound.replace(tzinfo=UTC)


def _newest_tick_age_ms() -> int | None:
    newest = SymbolState.objects.aggregate(newest=Max("last_trade_ms"))["newest"]
    return None if newest is None else int(time.time() * 1000) - newest


def _has_redis() -> bool:
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
        ) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _spool_bytes() -> int:
    return sum(file.stat().st_size for file in Path(settings.HOME, "spool").rglob("*") if file.is_file())
