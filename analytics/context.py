"""What every page says about the user's own symbols."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from analytics.notices import notices_of


def notices(request: HttpRequest) -> dict[str, Any]:
    """Asked of the database only where a page shows it."""
    user = getattr(request, "user", None)
    return {"notices": SimpleLazyObject(lambda: notices_of(user)) if isinstance(user, User) else None}
