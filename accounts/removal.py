"""The end of an account: asked for, undone within 14 days, or carried out for good."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import User

DELAY = timedelta(days=14)
_hooks: list[Callable[[User], None]] = []


def before_removal(hook: Callable[[User], None]) -> Callable[[User], None]:
    """Called before the rows of a user go: for what no key leads to, like files."""
    _hooks.append(hook)
    return hook


def is_last_admin(user: User) -> bool:
    """Would nobody be left to run the site?"""
    if not user.is_superuser:
        return False
    others = User.objects.filter(is_superuser=True, is_active=True, removed_after=None)
    return not others.exclude(pk=user.pk).exists()


def ask_for_removal(user: User) -> None:
    user.removed_after = timezone.now() + DELAY
    user.save(update_fields=["removed_after"])


def undo_removal(user: User) -> None:
    user.removed_after = None
    user.save(update_fields=["removed_after"])


def remove_due() -> int:
    """Remove the accounts whose time to undo is over; how many they were. Twice is as once."""
    due = list(User.objects.filter(removed_after__lte=timezone.now()).values_list("pk", flat=True))
    return sum(_remove(pk) for pk in due)


def _remove(pk: int) -> bool:
    with transaction.atomic():
        # Whoever undoes it in this moment waits, or has won
        user = User.objects.select_for_update().filter(pk=pk, removed_after__lte=timezone.now()).first()
        if user is None or is_last_admin(user):
            return False
        for hook in _hooks:
            hook(user)
        _end_sessions(pk)
        user.delete()
    return True


def _end_sessions(pk: int) -> None:
    """Sessions name their user inside of what they store only."""
    sessions = Session.objects.all().iterator(1_000)
    ended = [row.session_key for row in sessions if row.get_decoded().get(SESSION_KEY) == str(pk)]
    Session.objects.filter(session_key__in=ended).delete()
