"""How many requests a token or a user may make in a minute. Counted in Redis; without Redis nothing is counted."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class Rate:
    """Where one caller stands in this minute."""

    limit: int
    used: int
    reset_s: int

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.limit


def of_token(token_id: int) -> str:
    return f"token:{token_id}"


def of_user(user_id: int) -> str:
    """Requests of the user's browsers, all of them together."""
    return f"user:{user_id}"


def of_link(link_id: int) -> str:
    """Requests of all who hold one public link."""
    return f"link:{link_id}"


def count(who: str) -> Rate | None:
    """Count one request; None when Redis is away: it guards load, not rights, so pages go on."""
    now = time.time()
    try:
        pipeline = _redis(settings.REDIS_URL).pipeline(transaction=False)
        pipeline.incr(_key(who, now))
        pipeline.expire(_key(who, now), 2 * WINDOW_S)
        used = int(pipeline.execute()[0])
    except (RedisError, OSError) as error:
        log.warning("requests are not counted, Redis is away: %s", error)
        return None
    return _rate(used, now)


def standing(callers: Sequence[str]) -> list[Rate | None]:
    """Where callers stand, without counting."""
    now = time.time()
    if not callers:
        return []
    try:
        used = _redis(settings.REDIS_URL).mget([_key(who, now) for who in callers])
    except (RedisError, OSError) as error:
        log.warning("rates are not known, Redis is away: %s", error)
        return [None] * len(callers)
    return [_rate(int(each or 0), now) for each in used]  # type: ignore[union-attr]  # redis-py types both clients as one


def _rate(used: int, now: float) -> Rate:
    return Rate(settings.API_RATE, used, WINDOW_S - int(now) % WINDOW_S)


def _key(who: str, now: float) -> str:
    return f"lp:rate:{who}:{int(now) // WINDOW_S}"


@cache
def _redis(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
