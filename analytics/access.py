"""Who may see and change what. Subscriptions are checked when they are made, and again every few seconds."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import ApiToken, Scope, User
from analytics.frames import Frame
from analytics.holders import granted_to_holders, is_holder, open_holders
from analytics.models import Pair, SavedView, Share
from analytics.topics import Ask, kind_of, topic_frame
from analytics.topics.base import no_such


@dataclass(frozen=True)
class Login:
    """What a socket was opened with: a session, a token, or a public link, whose holder has an id below zero."""

    session_key: str
    user_id: int
    token_id: int | None = None


def granted(asks: Iterable[Ask]) -> set[Ask]:
    """Those of (user id, topic) that are allowed now, one query for each kind of topic and one for public links."""
    by_kind: dict[str, dict[Ask, Ask]] = {}
    of_holders = set()
    for user_id, topic in asks:
        kind, key = kind_of(topic)
        if is_holder(user_id):
            of_holders.add((user_id, topic))
        else:
            by_kind.setdefault(kind.name, {})[(user_id, key)] = (user_id, topic)
    return granted_to_holders(of_holders) | {
        topics[ask] for topics in by_kind.values() for ask in kind_of(next(iter(topics.values()))[1])[0].allowed(topics)
    }


def open_topic(user_id: int, topic: str, since: int | None, points: int) -> Frame:
    """The frame a subscription begins with; RefusedError 404 for a topic that is not there for this user."""
    kind, _ = kind_of(topic)
    if (user_id, topic) not in granted([(user_id, topic)]):
        raise no_such(topic)
    return Frame(topic_frame(topic, since, points), kind.merge)


def valid_logins(logins: Collection[Login]) -> set[Login]:
    """Those whose session, token or link has not ended and whose user is active with the password of that login."""
    holders = open_holders({login.user_id for login in logins if is_holder(login.user_id)})
    users = [login for login in logins if not is_holder(login.user_id)]
    return (
        {login for login in logins if login.user_id in holders}
        | _valid_sessions([login for login in users if login.token_id is None])
        | _valid_tokens([login for login in users if login.token_id is not None])
    )


def _valid_tokens(logins: Collection[Login]) -> set[Login]:
    if not logins:
        return set()
    usable = ApiToken.objects.usable().filter(
        pk__in={login.token_id for login in logins}, scopes__contains=[Scope.READ]
    )
    known = set(usable.values_list("pk", "owner_id"))
    return {login for login in logins if (login.token_id, login.user_id) in known}


def _valid_sessions(logins: Collection[Login]) -> set[Login]:
    if not logins:
        return set()
    sessions = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in={login.session_key for login in logins}, expire_date__gt=timezone.now()
        )
    }
    users = {user.pk: user for user in User.objects.filter(pk__in={login.user_id for login in logins}, is_active=True)}
    return {
        login
        for login in logins
        if login.session_key in sessions
        and login.user_id in users
        and _is_login_of(sessions[login.session_key], users[login.user_id])
    }


def _is_login_of(session: dict[str, str], user: User) -> bool:
    return session.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


# --- what a user may change ------------------------------------------------------------------------
def pair_to_change(user: User, pair_id: int) -> Pair:
    """The user's own pair. Of a pair that is shared with the user: PermissionDenied; of any other: Http404."""
    own = Pair.objects.owned_by(user).select_related("spec__y", "spec__x").filter(pk=pair_id).first()
    if own is not None:
        return own
    if Share.objects.seen_by(user).filter(pair_id=pair_id).exists():
        raise PermissionDenied("This pair is shared with you to be read. Only its owner can change it.")
    raise Http404("There is no such pair on your list.")


def view_to_change(user: User, view_id: int) -> SavedView:
    """The same for a saved view."""
    own = SavedView.objects.owned_by(user).filter(pk=view_id).first()
    if own is not None:
        return own
    if Share.objects.seen_by(user).filter(view_id=view_id).exists():
        raise PermissionDenied("This view is shared with you to be read. Only its owner can change it.")
    raise Http404("You have no such view.")
