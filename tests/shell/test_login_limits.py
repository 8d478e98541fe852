"""How often a password may be tried, by whom, and that the limit cannot be walked around."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.db import connection
from django.test import Client

from accounts.models import User
from tests.shell.access_cast import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
LOGIN = "/accounts/login/"
TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS = 10, 20


class CountingHasher(PBKDF2PasswordHasher):
    """Django's own, quick, counting how often a password is hashed."""

    iterations = 1
    hashed = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt, 1)


@pytest.fixture(autouse=True)
def quick_hashes(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    CountingHasher.hashed = 0


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


def log_in(login: str, password: str, *, client: Client | None = None, **more: Any) -> bool:
    """Does this open a session?"""
    client = client or Client()
    client.post(LOGIN, {"login": login, "password": password}, **more)
    return "_auth_user_id" in client.session


def guess(login: str, number: int, **more: Any) -> None:
    """A wrong password, each from an address of its own."""
    assert not log_in(login, "wrong", REMOTE_ADDR=f"198.51.100.{number}", **more)


def elsewhere(login: str) -> bool:
    """Does the right password from an address without a history open a session?"""
    return log_in(login, PASSWORD, REMOTE_ADDR="203.0.113.1")


def test_the_right_password_opens_before_the_limit_and_not_after(alice: User) -> None:
    for number in range(TRIES_PER_ACCOUNT - 1):
        guess("alice@example.org", number)
    assert elsewhere("alice@example.org")
    guess("alice@example.org", 99)
    assert not elsewhere("alice@example.org")


#: other ways to name the same account, and the same site
WAYS: list[tuple[str, dict[str, Any]]] = [
    ("alice@example.org", {}),
    ("alice", {}),
    ("ALICE", {}),
    ("Alice@Example.ORG", {}),
    ("alıce", {}),
    (" alice ", {}),
    ("alice", {"HTTP_HOST": "localhost:1"}),
    ("alice", {"HTTP_HOST": "localhost:2"}),
    ("alice", {"HTTP_HOST": "127.0.0.1"}),
    ("alice", {"HTTP_X_FORWARDED_FOR": "192.0.2.7"}),
]


def test_all_names_of_an_account_and_all_hosts_count_together(alice: User) -> None:
    for number, (login, more) in enumerate(WAYS):
        guess(login, number, **more)
    hashed = CountingHasher.hashed
    assert not elsewhere("alice")
    assert not elsewhere("alice@example.org")
    assert CountingHasher.hashed == hashed, "what is refused costs no hash"


def test_another_account_is_not_concerned(alice: User) -> None:
    make_user("bob")
    for number in range(TRIES_PER_ACCOUNT):
        guess("alice", number)
    assert elsewhere("bob")


def test_one_address_cannot_try_many_accounts(alice: User) -> None:
    for number in range(TRIES_PER_ADDRESS):
        assert not log_in(f"user{number}", "wrong", REMOTE_ADDR="198.51.100.1")
    assert not log_in("alice", PASSWORD, REMOTE_ADDR="198.51.100.1")
    assert elsewhere("alice")


def spray(**more: Any) -> None:
    """More wrong passwords than one address may try, each with an X-Forwarded-For of its own."""
    for number in range(TRIES_PER_ADDRESS):
        log_in(f"user{number}", "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 198.51.100.{number}", **more)


def test_a_forged_forwarded_address_is_no_new_address(alice: User) -> None:
    spray(REMOTE_ADDR="198.51.100.1")
    assert not log_in("alice", PASSWORD, REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR="192.0.2.99")


def test_behind_a_proxy_that_was_named_its_clients_count_apart(alice: User, settings: LazySettings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    spray(REMOTE_ADDR="127.0.0.1")
    assert log_in("alice", PASSWORD, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.99, 203.0.113.1")


def test_the_counts_are_where_all_web_processes_see_them(alice: User) -> None:
    guess("alice", 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_throttle WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone() == (2,)


def test_without_the_counts_nobody_gets_in(alice: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE accounts_throttle")
    client = Client(raise_request_exception=False)
    response = client.post(LOGIN, {"login": "alice", "password": PASSWORD})
    assert response.status_code == 500
    assert "sessionid" not in client.cookies
    assert b"accounts_throttle" not in response.content


def test_a_reset_by_mail_lets_the_owner_in_again(alice: User) -> None:
    for number in range(TRIES_PER_ACCOUNT):
        guess("alice", number)
    owner = Client(REMOTE_ADDR="203.0.113.1")
    owner.post("/accounts/password/reset/", {"email": "alice@example.org"})
    (link,) = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]
    form = owner.get(link[link.index("/accounts/") :])["Location"]
    fresh = "another horse battery"
    owner.post(form, {"password1": fresh, "password2": fresh})
    assert log_in("alice", fresh, client=owner)
    assert log_in("alice@example.org", fresh, REMOTE_ADDR="203.0.113.2")


def test_an_address_gets_three_reset_mails_an_hour(alice: User) -> None:
    statuses = [
        Client(REMOTE_ADDR=f"198.51.100.{number}")
        .post("/accounts/password/reset/", {"email": "alice@example.org"})
        .status_code
        for number in range(5)
    ]
    assert statuses == [302, 302, 302, 429, 429]
    assert len(mail.outbox) == 3


def test_a_stolen_session_cannot_try_passwords_for_long(alice: User) -> None:
    thief = Client()
    thief.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    wrong = {"oldpassword": "wrong", "password1": "another horse battery", "password2": "another horse battery"}
    statuses = [thief.post("/accounts/password/change/", wrong).status_code for _ in range(TRIES_PER_ACCOUNT + 1)]
    assert statuses == [200] * TRIES_PER_ACCOUNT + [429]
    assert "Too many tries" in thief.post("/accounts/password/change/", wrong).content.decode()
