"""The list of one's logins: what ends, what stays, and that nobody ends another's."""

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from accounts.logins import browser_name
from accounts.models import User
from tests.shell.access_cast import PASSWORD, make_user
from tests.shell.account_support import is_logged_in, logged_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


def login_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def test_the_list_names_browser_and_address_of_each(alice: User) -> None:
    here = logged_in(alice, HTTP_USER_AGENT=FIREFOX)
    logged_in(alice, HTTP_USER_AGENT=PHONE, REMOTE_ADDR="198.51.100.7")
    text = here.get("/settings/logins/").content.decode()
    assert "Firefox on Linux" in text
    assert "Safari on iPhone" in text
    assert "198.51.100.7" in text
    assert text.count("This one") == 1


def test_one_login_ends_and_the_others_stay(alice: User) -> None:
    here, there, third = logged_in(alice), logged_in(alice), logged_in(alice)
    assert here.post(f"/settings/logins/{login_of(there).pk}/end/").status_code == 302
    assert [is_logged_in(client) for client in (here, there, third)] == [True, False, True]


def test_all_others_end(alice: User) -> None:
    here, there, third = logged_in(alice), logged_in(alice), logged_in(alice)
    bobs = logged_in(make_user("bob"))
    assert "2 other logins have ended" in here.post("/settings/logins/others/end/", follow=True).content.decode()
    assert [is_logged_in(client) for client in (here, there, third, bobs)] == [True, False, False, True]


def test_nobody_ends_the_login_of_another(alice: User) -> None:
    hers, mallory = logged_in(alice), logged_in(make_user("mallory"))
    assert mallory.post(f"/settings/logins/{login_of(hers).pk}/end/").status_code == 404
    assert is_logged_in(hers)


def test_a_new_password_ends_all_other_logins(alice: User) -> None:
    here, there = logged_in(alice), logged_in(alice)
    fresh = "another horse battery"
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
    assert (is_logged_in(here), is_logged_in(there)) == (True, False)
    assert "password" in mail.outbox[0].subject.lower()


def test_a_login_takes_a_new_session(alice: User) -> None:
    """Whoever planted a session in a browser before is not logged in by it."""
    victim, planted = Client(), Client()
    planted.post("/accounts/login/", {"login": "alice", "password": "wrong"})
    session = planted.session
    session["planted"] = "yes"
    session.save()
    key = str(session.session_key)
    victim.cookies["sessionid"] = key
    victim.post("/accounts/login/", {"login": "alice", "password": PASSWORD})
    assert is_logged_in(victim)
    assert victim.cookies["sessionid"].value != key
    thief = Client()
    thief.cookies["sessionid"] = key
    assert not is_logged_in(thief)


def test_a_foreign_host_gets_no_page_and_no_mail(alice: User) -> None:
    stranger = Client(HTTP_HOST="evil.example", raise_request_exception=False)
    assert stranger.get("/accounts/login/").status_code == 400
    assert stranger.post("/accounts/password/reset/", {"email": alice.email}).status_code == 400
    forwarded = Client(HTTP_X_FORWARDED_HOST="evil.example")
    forwarded.post("/accounts/password/reset/", {"email": alice.email})
    assert "evil.example" not in mail.outbox[0].body


def test_a_browser_is_named_as_far_as_it_tells() -> None:
    assert browser_name(FIREFOX) == "Firefox on Linux"
    assert browser_name("curl/8.5") == "curl"
    assert browser_name("") == "Unknown browser"
