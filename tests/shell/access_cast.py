"""The cast of the access table, and what tells apart who did or saw what."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import places
from accounts.audit import SYSTEM
from accounts.models import ApiToken, NotificationPlace, Scope, User
from accounts.tokens.secret import new_secret
from accounts.tokens.use import make_token
from analytics.models import Pair, PublicLink, SavedView, Share
from analytics.pairs import add_pair
from analytics.sharing import make_link, share, take_back
from market.models import FeedControl, Instrument

#: Alice owns and shares her pair with Bob, who has an equal one of his own; Mallory has nothing, Nobody is logged out,
#: Staff has no more rights
WHO = ("alice", "bob", "mallory", "nobody", "staff")
PASSWORD = "correct horse battery"
#: one round: a test that makes five users need not wait for a good hash
QUICK = PBKDF2PasswordHasher()
#: headers that differ with each answer
DIFFERING = ("Content-Length", "Expires", "X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset")
#: what reading a page may write: a session's own row
OF_SESSIONS = {"django_session"}


#: tokens: three of Alice's with one scope each, one of Mallory's with all of them, and three that open nothing
TOKENS = ("reader", "writer", "exporter", "stranger", "expired", "revoked", "unknown")
#: by scopes; the others have all of them
_SCOPES = {"reader": ["read"], "writer": ["write"], "exporter": ["export"]}


@dataclass(frozen=True)
class Cast:
    users: dict[str, User]
    alices: Pair
    bobs: Pair
    alices_view: SavedView
    alices_token: ApiToken
    alices_place: NotificationPlace
    #: of Alice's pair with Bob
    share: Share
    #: to Alice's pair, and its secret
    link: PublicLink
    secret: str

    @property
    def names(self) -> dict[str, int | str]:
        """What stands in braces in an address of the table."""
        return {
            "alices": self.alices.pk,
            "bobs": self.bobs.pk,
            "alices_view": self.alices_view.pk,
            "alices_token": self.alices_token.pk,
            "alices_place": self.alices_place.pk,
            "alices_link": places.sign(self.alices_place),
            "absent": self.bobs.pk + 1_000,
            "spec": self.alices.spec_id,
            "absent_spec": self.alices.spec_id + 1_000,
            "share": self.share.pk,
            "link": self.link.pk,
            "leg": self.alices.spec.y_id,
            "secret": self.secret,
            "alice": self.users["alice"].pk,
            "bob": self.users["bob"].pk,
        }

    def client(self, who: str, **more: Any) -> Client:
        client = Client(**more)
        if who != "nobody":
            client.force_login(self.users[who], "django.contrib.auth.backends.ModelBackend")
        if who == "locked":
            User.objects.filter(pk=self.users[who].pk).update(is_active=False)
        return client


def make_cast() -> Cast:
    FeedControl.objects.create(id=1, venue="simulated")
    y, x = (Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT"))
    users = {who: make_user(who, is_staff=who == "staff") for who in WHO if who != "nobody"}
    view = SavedView.objects.create(owner=users["alice"], name="Hers", address="/pairs/AAAUSDT~BBBUSDT/")
    alices, bobs = (add_pair(users[who], y, x) for who in ("alice", "bob"))
    shared = share(users["alice"], alices, "bob", SYSTEM)
    # Revoked is nobody special: a share was taken back
    users["revoked"] = make_user("revoked")
    take_back(share(users["alice"], alices, "revoked", SYSTEM), SYSTEM)
    users["locked"] = make_user("locked")
    share(users["alice"], alices, "locked", SYSTEM)
    token = make_token(users["alice"], "hers", ["read"], 90).token
    place = NotificationPlace.objects.create(owner=users["alice"], address="alice@example.net")
    return Cast(users, alices, bobs, view, token, place, shared, *make_link(alices, "", 30, SYSTEM))


def make_secrets(cast: Cast) -> dict[str, str]:
    """The secret of each of TOKENS."""
    made = {
        who: make_token(
            cast.users["mallory" if who == "stranger" else "alice"], who, _SCOPES.get(who, Scope.values), 90
        )
        for who in TOKENS
        if who != "unknown"
    }
    ApiToken.objects.filter(pk=made["expired"].token.pk).update(expires_at=timezone.now())
    made["revoked"].token.revoke()
    return {who: new.secret for who, new in made.items()} | {"unknown": new_secret()}


def make_user(name: str, *, password: str = PASSWORD, **more: Any) -> User:
    """An account as sign-up makes it, with its address."""
    user = User.objects.create(
        username=name, email=f"{name}@example.org", password=QUICK.encode(password, "salt", 1), **more
    )
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def writes() -> dict[str, int]:
    """Rows inserted, changed and deleted in this transaction so far, for each table; sessions aside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if count and name not in OF_SESSIONS}


def plain(response: Any, *words: str) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers without what differs each time by design: nonce, form token, clock, and `words`."""
    text = response.content.decode()
    text = re.sub(r'(nonce|name="csrfmiddlewaretoken" value)="[^"]+"', r"\1", text)
    headers = {name: value for name, value in response.headers.items() if name not in DIFFERING}
    headers = {name: re.sub(r"'nonce-[^']+'", "", value) for name, value in headers.items()}
    for word in words:
        # As a word of its own: the number of a pair may stand in other numbers
        own = re.compile(rf"(?<![\w.]){re.escape(word)}(?![\w.])")
        text = own.sub("", text)
        headers = {name: own.sub("", value) for name, value in headers.items()}
    return response.status_code, text, headers
