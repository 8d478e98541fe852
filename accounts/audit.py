"""The audit log: one function writes it, in the transaction of the change that it tells of."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from accounts.addresses import address_of
from accounts.models import AuditEntry, User

_LONGEST_SUBJECT, _LONGEST_AGENT = 200, 200


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and from where."""

    user_id: int | None = None
    name: str = ""
    address: str | None = None
    agent: str = ""


#: a change that no person asked for
SYSTEM = By(name="livepairs")


def by(request: HttpRequest, user: User | None = None) -> By:
    """Who sent a request; `user` where that is not the session's."""
    own = user or getattr(request, "user", None)
    agent = request.META.get("HTTP_USER_AGENT", "")[:_LONGEST_AGENT]
    if not isinstance(own, User):
        return By(address=address_of(request), agent=agent)
    return By(own.pk, own.username, address_of(request), agent)


def record(who: By, action: str, *, subject: str, before: Any = None, after: Any = None) -> AuditEntry:
    """One entry. `before` and `after` are what was and what is, as JSON; None where there is nothing."""
    return AuditEntry.objects.create(
        actor_id=who.user_id,
        actor=who.name,
        action=action,
        subject=subject[:_LONGEST_SUBJECT],
        before=before,
        after=after,
        address=who.address,
        agent=who.agent,
    )
