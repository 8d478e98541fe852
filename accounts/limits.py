"""How long somebody has to wait who tried too often."""

import math
import time
from collections.abc import Iterator

from allauth.core.internal.ratelimit import get_cache_key, get_rates
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

_APP = "allauth.account"


def seconds_to_wait(request: HttpRequest) -> int | None:
    """Until the last of the limits that are full for this request frees a place; None when none of them is."""
    waits = [wait for action in settings.ACCOUNT_RATE_LIMITS for wait in _waits(request, action)]
    return max(1, math.ceil(max(waits))) if waits else None


def _waits(request: HttpRequest, action: str) -> Iterator[float]:
    """allauth keeps the times of tries, newest first, under a key for each rate."""
    now = time.time()
    for rate in get_rates(app=_APP, action=action):
        if rate.per == "user" and not request.user.is_authenticated:
            continue
        key = request.POST.get("email", "").lower() if rate.per == "key" else None
        tries = cache.get(get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        fresh = [moment for moment in tries if moment > now - rate.duration]
        if len(fresh) >= rate.amount:
            yield fresh[rate.amount - 1] + rate.duration - now
