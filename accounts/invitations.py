"""Links that let somebody sign up: made, opened, used once."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import Invitation, User
from accounts.tokens.secret import digest_of

LIFETIME = timedelta(days=7)
ADMIN_LIFETIME = timedelta(hours=24)
#: where the session of a visitor keeps the secret of the link that was opened
SESSION_KEY = "invitation"


def invite(by: User | None = None, *, lifetime: timedelta = LIFETIME, makes_admin: bool = False) -> str:
    """A new invitation; its secret, which is shown now or never."""
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(
        token_hash=digest_of(secret), invited_by=by, makes_admin=makes_admin, expires_at=timezone.now() + lifetime
    )
    return secret


def invite_first_admin() -> str | None:
    """The secret of a link for the first administrator; None when the site has one. Older ones end."""
    if has_admin():
        return None
    Invitation.objects.filter(makes_admin=True, used_at=None).delete()
    return invite(lifetime=ADMIN_LIFETIME, makes_admin=True)


def has_admin() -> bool:
    return User.objects.filter(is_staff=True, is_active=True).exists()


def find(secret: str) -> Invitation | None:
    """The invitation of that link, while it may be used."""
    return _usable().filter(token_hash=digest_of(secret)).first()


def opened_by(request: HttpRequest) -> Invitation | None:
    """The invitation whose link this visitor opened, while it may be used."""
    secret = request.session.get(SESSION_KEY, "")
    return find(secret) if secret else None


def use(invitation: Invitation, user: User) -> bool:
    """Spend the invitation on that user; False when somebody else was quicker. Call it in a transaction."""
    now = timezone.now()
    if not _usable().filter(pk=invitation.pk).update(used_at=now, used_by=user):
        return False
    if invitation.makes_admin:
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    return True


def is_open(request: HttpRequest) -> bool:
    """May this visitor sign up?"""
    if settings.SIGNUP == "open":
        return True
    invitation = opened_by(request)
    return invitation is not None and (settings.SIGNUP == "invitation" or invitation.makes_admin)


def _usable() -> QuerySet[Invitation]:
    usable = Q(used_at=None, expires_at__gt=timezone.now())
    if has_admin():
        usable &= Q(makes_admin=False)
    return Invitation.objects.filter(usable)
