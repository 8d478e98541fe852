"""Where a user is logged in, and how to end that."""

import re
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User

#: first match wins: most browsers claim to be several
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Firefox", "Firefox/"),
    ("Chrome", "Chrome/|CriOS/"),
    ("Safari", "Safari/"),
    ("curl", "curl/"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class OpenLogin:
    pk: int
    began_at: datetime
    address: str
    browser: str
    is_current: bool


def open_logins(user: User, current_key: str | None) -> list[OpenLogin]:
    """Newest first; the one that asks stands at the top."""
    rows = UserSession.objects.filter(user=user, session_key__in=_live_keys(user)).order_by("-created_at")
    found = [
        OpenLogin(row.pk, row.created_at, row.ip, browser_name(row.user_agent), row.session_key == current_key)
        for row in rows
    ]
    return sorted(found, key=lambda login: not login.is_current)


def end_login(user: User, pk: int) -> bool:
    """Live sockets of that login close within seconds: they ask again and again whether it is there."""
    row = UserSession.objects.filter(user=user, pk=pk).first()
    if row is None:
        return False
    row.end()
    return True


def end_other_logins(user: User, current_key: str | None) -> int:
    """How many there were."""
    others = UserSession.objects.filter(user=user).exclude(session_key=current_key)
    keys = list(others.values_list("session_key", flat=True))
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    others.filter(session_key__in=keys).delete()
    return ended


def browser_name(user_agent: str) -> str:
    """As far as the browser tells: “Firefox on Linux”."""
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "Unknown browser")
    system = next((name for name, sign in _SYSTEMS if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


def _live_keys(user: User) -> list[str]:
    keys = UserSession.objects.filter(user=user).values("session_key")
    live = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return list(live.values_list("session_key", flat=True))
