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

from accounts.models import User
from analytics.models import Pair, SavedView
from analytics.pairs import add_pair
from market.models import FeedControl, Instrument

#: Alice owns, Bob has an equal pair of his own, Mallory has nothing, Nobody is logged out, Staff has no more rights
WHO = ("alice", "bob", "mallory", "nobody", "staff")
PASSWORD = "correct horse battery"
#: one round: a test that makes five users need not wait for a good hash
QUICK = PBKDF2PasswordHasher()
#: headers that differ with each answer
DIFFERING = ("Content-Length", "Expires", "X-Request-ID")
#: what reading a page may write: a session's own row
OF_SESSIONS = {"django_session"}


@dataclass(frozen=True)
class Cast:
    users: dict[str, User]
    alices: Pair
    bobs: Pair
    alices_view: SavedView

    @property
    def names(self) -> dict[str, int]:
        """What stands in braces in an address of the table."""
        return {
            "alices": self.alices.pk,
            "bobs": self.bobs.pk,
            "alices_view": self.alices_view.pk,
            "absent": self.bobs.pk + 1_000,
            "spec": self.alices.spec_id,
            "absent_spec": self.alices.spec_id + 1_000,
            "alice": self.users["alice"].pk,
            "bob": self.users["bob"].pk,
        }

    def client(self, who: str, **more: Any) -> Client:
        client = Client(**more)
        if who != "nobody":
            client.force_login(self.users[who], "django.contrib.auth.backends.ModelBackend")
        return client


def make_cast() -> Cast:
    FeedControl.objects.create(id=1, venue="simulated")
    y, x = (Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT"))
    users = {who: make_user(who, is_staff=who == "staff") for who in WHO if who != "nobody"}
    view = SavedView.objects.create(owner=users["alice"], name="Hers", address="/pairs/AAAUSDT~BBBUSDT/")
    return Cast(users, add_pair(users["alice"], y, x), add_pair(users["bob"], y, x), view)


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
        text = text.replace(word, "")
        headers = {name: value.replace(word, "") for name, value in headers.items()}
    return response.status_code, text, headers
