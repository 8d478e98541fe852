"""Pairs that a user only looks at: a page opens them, whatever its settings, without touching the user's list.

A lease is a row like that of the list, so rights, computing and recording follow as for any other pair. The newest
few are kept, and each ends a day after it was last looked at.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.quotas import quota_of
from analytics.choices import Choice
from analytics.models import Pair
from analytics.pairs import Legs, follow, forget, symbols_of

#: leases that a user may hold; one more ends the one that was not looked at for longest
MOST = 12
LENGTH = timedelta(days=1)


def find_pair(user: User, legs: Legs, choice: Choice) -> Pair | None:
    """The user's own row for these legs with exactly these settings: of the list, or a lease."""
    columns = {f"spec__{name}": value for name, value in choice.columns.items()}
    held = Pair.objects.owned_by(user).select_related("spec__y", "spec__x")
    return held.filter(spec__y=legs.y, spec__x=legs.x, **columns).first()


def open_pair(user: User, legs: Legs, choice: Choice) -> Pair:
    """That row, leased now where there is none."""
    pair = find_pair(user, legs, choice)
    if pair is None:
        return _lease(user, legs, choice)
    if not pair.on_list:
        Pair.objects.filter(pk=pair.pk).update(seen_at=timezone.now())
    return pair


def end_leases() -> int:
    """End those that nobody has looked at for long; returns how many."""
    old = list(Pair.objects.leased().filter(seen_at__lt=timezone.now() - LENGTH).select_related("spec"))
    for pair in old:
        forget(pair)
    return len(old)


def renew(user_topics: "set[tuple[int, str]]") -> None:
    """Open pages look at their pairs: called with (user id, topic) of live sockets."""
    specs = {int(topic.removeprefix("spec.")) for _, topic in user_topics if topic.startswith("spec.")}
    now = timezone.now()
    Pair.objects.leased().filter(
        owner_id__in={user for user, _ in user_topics}, spec_id__in=specs, seen_at__lt=now - LENGTH / 4
    ).update(seen_at=now)


def _lease(user: User, legs: Legs, choice: Choice) -> Pair:
    with transaction.atomic():
        # The user's row is the lock: two pages opened at once are counted one after the other
        owner = User.objects.select_for_update().get(pk=user.pk)
        _make_room(owner, legs)
        pair = follow(owner, legs, choice, on_list=False)
        surplus = Pair.objects.owned_by(owner).leased().order_by("-seen_at", "-id").select_related("spec")[MOST:]
        for old in surplus:
            forget(old)
    return pair


def _make_room(owner: User, legs: Legs) -> None:
    """What was not looked at for longest gives its symbols to what is looked at now."""
    most = quota_of(owner, "symbols")
    old = iter(Pair.objects.owned_by(owner).leased().order_by("seen_at", "id").select_related("spec"))
    while len(symbols_of(owner) | {legs.y.pk, legs.x.pk}) > most and (lease := next(old, None)):
        forget(lease)
