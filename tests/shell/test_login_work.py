"""A stranger cannot tell by the time of an answer whether an account exists: the server does the same work for both.

Counted are hashes and database queries; clocks would make a test that fails on a busy day.
"""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.shell.access_cast import PASSWORD, make_user
from tests.shell.test_login_limits import CountingHasher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
KNOWN, UNKNOWN = "alice@example.org", "nobody@example.org"


@pytest.fixture(autouse=True)
def counted(settings: LazySettings, db: None) -> None:
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher"]
    make_user("alice")
    make_user("gone", is_active=False)


def work(path: str, data: dict[str, Any]) -> tuple[int, int]:
    """Hashes and queries of one answer."""
    client = Client()
    CountingHasher.hashed = 0
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.post(path, data)
    return CountingHasher.hashed, len(queries)


@pytest.mark.parametrize("names", [(KNOWN, "gone@example.org", UNKNOWN), ("alice", "gone", "nobody")])
def test_a_failed_login(names: tuple[str, ...]) -> None:
    known, disabled, unknown = (work("/accounts/login/", {"login": name, "password": "wrong"}) for name in names)
    assert known == disabled == unknown
    assert known[0] == 1


def test_a_reset(settings: LazySettings) -> None:
    known, unknown = (work("/accounts/password/reset/", {"email": name}) for name in (KNOWN, UNKNOWN))
    assert known == unknown
    assert [message.to for message in mail.outbox] == [[KNOWN], [UNKNOWN]]


def test_signing_up_hashes_once_for_an_address_that_has_an_account_too(settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    words = {"password1": PASSWORD, "password2": PASSWORD}
    known, unknown = (
        work("/accounts/signup/", {"email": email, "username": name, **words})
        for email, name in ((KNOWN, "newcomer"), (UNKNOWN, "another"))
    )
    assert known[0] == unknown[0] == 1
