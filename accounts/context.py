"""What staff tell every visitor."""

from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Announcement


def announcements(request: HttpRequest) -> dict[str, Any]:
    now = timezone.now()
    try:
        return {"announcements": list(Announcement.objects.filter(starts_at__lte=now, ends_at__gt=now)[:3])}
    except DatabaseError:
        return {"announcements": []}
