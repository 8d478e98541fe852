"""What every page says about the feed."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from market.models import ConnectionState, FeedControl, SymbolState


def feed(request: HttpRequest) -> dict[str, Any]:
    """The venue, whether it is paused or blocked, and the time of the newest trade heard of it."""
    try:
        control = FeedControl.objects.filter(id=1).first()
        connections = list(ConnectionState.objects.order_by("name"))
    except DatabaseError:
        return {"feed": None, "feed_blocked": None, "feed_heard_ms": None}
    heard = [each.watermark_ms for each in connections if each.watermark_ms and control and each.venue == control.venue]
    return {
        "feed": control,
        "feed_blocked": next((each for each in connections if each.state == SymbolState.State.BLOCKED), None),
        "feed_heard_ms": max(heard, default=None),
    }
