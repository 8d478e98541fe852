"""No answer to a stranger tells whether an address has an account."""

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from tests.shell.access_cast import PASSWORD, make_user, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
KNOWN, DISABLED, UNKNOWN = "alice@example.org", "gone@example.org", "nobody@example.org"


@pytest.fixture(autouse=True)
def accounts(db: None) -> None:
    make_user("alice")
    make_user("gone", is_active=False)


def answer(path: str, data: dict[str, str], *words: str) -> tuple[object, set[str]]:
    """What a stranger gets, without the words that were sent; and the names of the cookies."""
    stranger = Client()
    return plain(stranger.post(path, data), *words), set(stranger.cookies)


@pytest.mark.parametrize("names", [(KNOWN, DISABLED, UNKNOWN), ("alice", "gone", "nobody")], ids=["address", "name"])
def test_a_failed_login(names: tuple[str, ...]) -> None:
    known, *others = [answer("/accounts/login/", {"login": name, "password": "wrong"}, name) for name in names]
    assert others == [known, known]


def test_a_login_without_a_password() -> None:
    known, unknown = (answer("/accounts/login/", {"login": name}, name) for name in (KNOWN, UNKNOWN))
    assert known == unknown


def test_a_password_reset() -> None:
    known, *others = [answer("/accounts/password/reset/", {"email": name}, name) for name in (KNOWN, DISABLED, UNKNOWN)]
    assert others == [known, known]


def test_a_password_reset_sends_one_mail_to_each() -> None:
    for name in (KNOWN, UNKNOWN):
        answer("/accounts/password/reset/", {"email": name})
    assert [message.to for message in mail.outbox] == [[KNOWN], [UNKNOWN]]


def test_signing_up_where_addresses_are_verified(settings: LazySettings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    words = {"password1": PASSWORD, "password2": PASSWORD}
    known, unknown = (
        answer("/accounts/signup/", {"email": email, "username": username, **words}, email, username)
        for email, username in ((KNOWN, "newcomer"), (UNKNOWN, "another"))
    )
    assert known == unknown
    assert [message.to for message in mail.outbox] == [[KNOWN], [UNKNOWN]]
