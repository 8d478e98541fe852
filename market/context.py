"""What every page says about the feed."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest

from market.models import FeedControl


def feed(request: HttpRequest) -> dict[str, Any]:
    try:
        control = FeedControl.objects.filter(id=1).first()
    except DatabaseError:
        control = None
    return {"feed": control}
