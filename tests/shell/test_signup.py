"""Who may sign up: everybody, the invited, nobody; and how a fresh installation gets its administrator."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from accounts import invitations
from accounts.models import Invitation, User
from tests.shell.access_cast import PASSWORD, make_user
from tests.shell.account_support import is_logged_in, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
SIGNUP = "/accounts/signup/"


def sign_up(client: Client, name: str = "newcomer", **more: str) -> Any:
    words = {"email": f"{name}@example.org", "username": name, "password1": PASSWORD, "password2": PASSWORD}
    return client.post(SIGNUP, words | more)


def opened(secret: str) -> Client:
    client = Client()
    assert client.get(f"/invitation/{secret}/")["Location"] == SIGNUP
    return client


def test_closed_means_closed_and_says_whom_to_ask(settings: LazySettings) -> None:
    settings.SIGNUP, settings.CONTACT = "closed", "host@example.org"
    client = opened(invitations.invite())
    text = client.get(SIGNUP).content.decode()
    assert "Sign-up is closed" in text
    assert "mailto:host@example.org" in text
    sign_up(client)
    assert not User.objects.exists()


def test_by_invitation_once(settings: LazySettings) -> None:
    settings.SIGNUP = "invitation"
    stranger = Client()
    assert "Sign-up is by invitation" in stranger.get(SIGNUP).content.decode()
    sign_up(stranger)
    assert not User.objects.exists()
    secret = invitations.invite(make_user("alice"))
    first, second = opened(secret), opened(secret)
    sign_up(first)
    sign_up(second, "another")
    assert is_logged_in(first)
    assert set(User.objects.values_list("username", flat=True)) == {"alice", "newcomer"}
    assert Invitation.objects.get().used_by == User.objects.get(username="newcomer")
    assert Client().get(f"/invitation/{secret}/").status_code == 404


def test_two_who_send_the_form_at_once_share_no_invitation(settings: LazySettings) -> None:
    settings.SIGNUP = "invitation"
    secret = invitations.invite()
    invitation = invitations.find(secret)
    assert invitation is not None
    assert invitations.use(invitation, make_user("alice"))
    assert not invitations.use(invitation, make_user("bob"))


def test_an_invitation_ends(settings: LazySettings) -> None:
    settings.SIGNUP = "invitation"
    secret = invitations.invite(lifetime=timedelta(days=7))
    client = opened(secret)
    Invitation.objects.update(expires_at=timezone.now())
    answer = Client().get(f"/invitation/{secret}/")
    assert answer.status_code == 404
    assert "This invitation is not valid" in answer.content.decode()
    sign_up(client)
    assert not User.objects.exists()


def test_the_secret_is_not_stored() -> None:
    secret = invitations.invite()
    assert secret not in str(Invitation.objects.values().get())


def test_the_first_administrator_comes_by_a_link_whatever_the_setting(settings: LazySettings) -> None:
    settings.SIGNUP = "closed"
    secret = invitations.invite_first_admin()
    assert secret is not None
    client = opened(secret)
    sign_up(client)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser) == (True, True)
    assert invitations.invite_first_admin() is None


def test_an_older_link_for_the_administrator_ends_with_a_newer_one_and_when_there_is_one() -> None:
    first, second = invitations.invite_first_admin(), invitations.invite_first_admin()
    assert first is not None
    assert second is not None
    assert invitations.find(first) is None
    assert invitations.find(second) is not None
    make_user("root", is_staff=True)
    assert invitations.find(second) is None


def test_who_has_an_account_takes_the_role_by_a_button_only() -> None:
    alice = make_user("alice")
    client = logged_in(alice)
    secret = invitations.invite_first_admin()
    client.get(f"/invitation/{secret}/")
    alice.refresh_from_db()
    assert not alice.is_staff
    client.post(f"/invitation/{secret}/")
    alice.refresh_from_db()
    assert alice.is_superuser


def test_the_command_prints_a_link_that_works(settings: LazySettings) -> None:
    settings.SIGNUP = "invitation"
    said = StringIO()
    call_command("invite", "--site", "https://pairs.example.org/", stdout=said)
    link = said.getvalue().strip()
    assert link.startswith("https://pairs.example.org/invitation/")
    assert Client().get(link.removeprefix("https://pairs.example.org"))["Location"] == SIGNUP
    with pytest.raises(CommandError, match="--days 0: use 1 to 365"):
        call_command("invite", "--days", "0")


@pytest.mark.parametrize(("sent", "kept"), [("europe/berlin", "Europe/Berlin"), ("Nowhere/At All", "UTC"), ("", "UTC")])
def test_the_time_zone_comes_along(sent: str, kept: str) -> None:
    sign_up(Client(), time_zone=sent)
    assert User.objects.get().time_zone == kept


def test_a_user_name_is_no_address() -> None:
    make_user("alice")
    answer = sign_up(Client(), username="bob@example.org")
    assert "could be taken for the e-mail address" in answer.content.decode()
    assert User.objects.count() == 1


def test_a_login_leads_to_the_page_that_was_chosen() -> None:
    alice = make_user("alice", start_page="health")
    assert Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD})["Location"] == "/health/"
    asked = {"login": "alice", "password": PASSWORD, "next": "/notices/"}
    assert Client().post("/accounts/login/", asked)["Location"] == "/notices/"
    assert logged_in(alice).get("/")["Location"] == "/health/"
