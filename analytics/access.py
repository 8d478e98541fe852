"""Who may listen to what: asked when a subscription is made, and again every few seconds for all of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import ApiToken, Scope, User
from analytics.frames import Frame
from analytics.topics import Ask, kind_of, topic_frame
from analytics.topics.base import no_such


@dataclass(frozen=True)
class Login:
    """What a socket was opened with: a session, or else a token."""

    session_key: str
    user_id: int
    token_id: int | None = None


def granted(asks: Iterable[Ask]) -> set[Ask]:
    """Those of (user id, topic) that are allowed now, one query for each kind of topic."""
    by_kind: dict[str, dict[Ask, Ask]] = {}
    for user_id, topic in asks:
        kind, key = kind_of(topic)
        by_kind.setdefault(kind.name, {})[(user_id, key)] = (user_id, topic)
    return {
        topics[ask] for topics in by_kind.values() for ask in kind_of(next(iter(topics.values()))[1])[0].allowed(topics)
    }


def open_topic(user_id: int, topic: str, since: int | None, points: int) -> Frame:
    """The frame a subscription begins with; RefusedError 404 for a topic that is not there for this user."""
    kind, _ = kind_of(topic)
    if (user_id, topic) not in granted([(user_id, topic)]):
        raise no_such(topic)
    return Frame(topic_frame(topic, since, points), kind.merge)


def valid_logins(logins: Collection[Login]) -> set[Login]:
    """Those whose session or token has not ended and whose user is active with the password of that login."""
    return _valid_sessions([login for login in logins if login.token_id is None]) | _valid_tokens(
        [login for login in logins if login.token_id is not None]
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
