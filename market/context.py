"""What every page says about the feed."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from market.models import ConnectionState, FeedControl, SymbolState


def feed(request: HttpRequest) -> dict[str, Any]:
    try:
        control = FeedControl.objects.filter(id=1).first()
        blocked = ConnectionState.objects.filter(state=SymbolState.State.BLOCKED).first()
    except DatabaseError:
        control = blocked = None
    return {"feed": control, "feed_blocked": blocked}
