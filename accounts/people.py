"""What staff do to accounts: lock and unlock them, change their roles and limits."""

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts import effects
from accounts.audit import By, record
from accounts.models import QuotaOverride, User
from accounts.quotas import QUOTAS, quota_of

ROLES = {"member": (False, False), "staff": (True, False), "administrator": (True, True)}


def role_of(user: User) -> str:
    if user.is_superuser:
        return "administrator"
    return "staff" if user.is_staff else "member"


def effects_of_locking(users: Collection[User]) -> list[str]:
    """What locking them would do, in numbers."""
    ids = {user.pk for user in users}
    names = ", ".join(sorted(user.username for user in users))
    lines = [f"Locks {_count(len(ids), 'account')}: {names}", f"Ends {_count(sessions_of(ids), 'session')}"]
    return [*lines, *(text for effect in effects.of_locking if (text := effect(ids)))]


def lock(users: Collection[User], actor: User, who: By) -> int:
    """They are logged out within seconds and cannot log in; nothing of theirs is deleted. How many were not locked."""
    return _set_active(users, actor, who, is_active=False)


def unlock(users: Collection[User], actor: User, who: By) -> int:
    return _set_active(users, actor, who, is_active=True)


def set_role(user: User, role: str, actor: User, who: By) -> None:
    """Administrators only, and not their own: there is always one left."""
    if not actor.is_superuser:
        raise PermissionDenied("Only an administrator may change roles.")
    if user.pk == actor.pk:
        raise PermissionDenied("Nobody changes the own role. Ask another administrator.")
    is_staff, is_superuser = ROLES[role]
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = role_of(locked)
        if before != role:
            User.objects.filter(pk=user.pk).update(is_staff=is_staff, is_superuser=is_superuser)
            record(who, "role changed", subject=f"user {user.username}", before={"role": before}, after={"role": role})


def set_quota(user: User, name: str, most: int | None, who: By) -> None:
    """A number of the user's own; None goes back to the default."""
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        before = quota_of(locked, name)
        own = QuotaOverride.objects.filter(user=locked, name=name)
        if most is None:
            own.delete()
        else:
            QuotaOverride.objects.update_or_create(user=locked, name=name, defaults={"most": most})
        after = quota_of(locked, name)
        if after != before:
            subject = f"{QUOTAS[name].title.lower()} of user {user.username}"
            record(who, "quota changed", subject=subject, before={"most": before}, after={"most": after})


def sessions_of(user_ids: Collection[int]) -> int:
    """Open sessions of these users. Who a session belongs to stands inside it, so all of them are read."""
    wanted = {str(each) for each in user_ids}
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    return sum(session.get_decoded().get(SESSION_KEY) in wanted for session in sessions)


def _set_active(users: Collection[User], actor: User, who: By, *, is_active: bool) -> int:
    for user in users:
        if user.pk == actor.pk:
            raise PermissionDenied("Nobody locks the own account.")
        if user.is_staff and not actor.is_superuser:
            raise PermissionDenied(f"{user.username} is staff: only an administrator may lock or unlock staff.")
    with transaction.atomic():
        found = list(User.objects.select_for_update().filter(pk__in=[u.pk for u in users], is_active=not is_active))
        User.objects.filter(pk__in=[user.pk for user in found]).update(is_active=is_active)
        for user in found:
            record(
                who,
                "user unlocked" if is_active else "user locked",
                subject=f"user {user.username}",
                before={"is_active": not is_active},
                after={"is_active": is_active},
            )
    return len(found)


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
