"""Let others read a pair or a saved view, and take it back."""

import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.audit import By, record
from accounts.models import User
from accounts.quotas import quota_of
from accounts.tokens.secret import digest_of
from analytics.access import granted
from analytics.holders import holder_of, topics_of
from analytics.models import Pair, PublicLink, SavedView, Share
from analytics.publish import revoke
from market.errors import LivepairsError, QuotaExceeded

DEFAULT_DAYS = 30
_SECRET_BYTES = 32


class ShareRefusedError(LivepairsError):
    """What cannot be shared so; the text is for the user."""


def share(owner: User, what: Pair | SavedView, name: str, who: By) -> Share:
    """Let the account with this user name or address read it. Whether there is one is never told."""
    name = name.strip().lower()
    if name in (owner.username.lower(), owner.email.lower()):
        raise ShareRefusedError("That is your own name. Type the user name or email address of somebody else.")
    thing = {"pair": what} if isinstance(what, Pair) else {"view": what}
    with transaction.atomic():
        _lock(owner)
        if Share.objects.owned_by(owner).filter(name=name, **thing).exists():
            raise ShareRefusedError(f"It is shared with {name} already.")
        most = quota_of(owner, "shares")
        if Share.objects.owned_by(owner).count() >= most:
            raise QuotaExceeded(f"You have {most:,} shares, your limit. Take one back first, or ask staff for more.")
        made = Share.objects.create(owner=owner, viewer=_account(name), name=name, **thing)
        record(who, "shared", subject=made.what, after={"with": name, "share": made.pk})
    return made


def take_back(shared: Share, who: By) -> None:
    """The viewer's open pages of it end at once."""
    with transaction.atomic():
        subject, before = shared.what, {"with": shared.name, "share": shared.pk}
        viewer_id, pair = shared.viewer_id, shared.pair
        shared.delete()
        record(who, "share taken back", subject=subject, before=before)
        if viewer_id is not None and pair is not None:
            _withdraw_after_commit(viewer_id, {pair.spec.topic, f"watch.{pair.spec_id}"})


def make_link(pair: Pair, query: str, days: int, who: By) -> tuple[PublicLink, str]:
    """An address for anybody, and its secret, which is not kept."""
    if not pair.on_list:
        raise ShareRefusedError("Only a pair of your list can be shared. Add it first.")
    with transaction.atomic():
        owner = _lock(pair.owner)
        most = quota_of(owner, "links")
        if PublicLink.objects.owned_by(owner).open().count() >= most:
            raise QuotaExceeded(f"You have {most:,} open links, your limit. Revoke one first, or ask staff for more.")
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        link = PublicLink.objects.create(
            owner=owner,
            pair=pair,
            digest=digest_of(secret),
            query=query,
            expires_at=timezone.now() + timedelta(days=days),
        )
        after = {"link": link.pk, "days": days, "view": query}
        record(who, "public link made", subject=_name(pair), after=after)
    return link, secret


def revoke_link(link: PublicLink, who: By) -> None:
    """Whoever looks at it now is told so; a second time changes nothing."""
    with transaction.atomic():
        changed = PublicLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
        if changed:
            record(who, "public link revoked", subject=_name(link.pair), before={"link": link.pk})
            _withdraw_after_commit(holder_of(link), topics_of(link.pair.spec))


def _withdraw_after_commit(reader: int, topics: set[str]) -> None:
    """Tell the reader's sockets of those topics that nothing else lets it see. (Their watch does so anyway.)"""

    def withdraw() -> None:
        asks = {(reader, topic) for topic in topics}
        for _, topic in asks - granted(asks):
            revoke(reader, topic)

    transaction.on_commit(withdraw)


def _account(name: str) -> User | None:
    """An address counts when it is verified, or where nobody has to verify one."""
    named = User.objects.filter(username__iexact=name, is_active=True).first()
    if named is not None or "@" not in name:
        return named
    addresses = EmailAddress.objects.filter(email__iexact=name, user__is_active=True).select_related("user")
    if settings.ACCOUNT_EMAIL_VERIFICATION != "none":
        addresses = addresses.filter(verified=True)
    found = addresses.first()
    return found.user if found else None


def _lock(user: User) -> User:
    """The user's row is the lock of the quotas."""
    return User.objects.select_for_update().get(pk=user.pk)


def _name(pair: Pair) -> str:
    return f"{pair.spec.y.symbol} on {pair.spec.x.symbol}"
