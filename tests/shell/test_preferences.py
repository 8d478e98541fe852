"""How a user likes the pages: kept, in the first byte of each page, and nobody else's."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.quotas import pair_quota
from accounts.zones import zone_named, zones
from tests.shell.access_cast import make_user

pytestmark = pytest.mark.django_db
AS_FETCH = {"Accept": "application/json"}


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


@pytest.fixture
def client(alice: User) -> Client:
    client = Client()
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    return client


def kept(user: User) -> dict[str, Any]:
    names = ("theme", "density", "palette", "time_zone", "has_shortcuts", "is_sidebar_open")
    return dict(User.objects.values(*names).get(pk=user.pk))


DEFAULTS = {
    "theme": "system",
    "density": "comfortable",
    "palette": "blue-orange",
    "time_zone": "UTC",
    "has_shortcuts": True,
    "is_sidebar_open": True,
}


@pytest.mark.parametrize(
    ("name", "sent", "stored", "attribute"),
    [
        ("theme", "dark", "dark", 'data-theme="dark"'),
        ("density", "compact", "compact", 'data-density="compact"'),
        ("palette", "red-green", "red-green", 'data-palette="red-green"'),
        ("has_shortcuts", "false", False, 'data-shortcuts="off"'),
        ("is_sidebar_open", "false", False, 'data-sidebar="closed"'),
        ("time_zone", "europe/berlin", "Europe/Berlin", ">Europe/Berlin</a>"),
    ],
)
def test_one_preference_is_kept_alone_and_stands_in_the_next_page(
    client: Client, alice: User, name: str, sent: str, stored: object, attribute: str
) -> None:
    assert client.post("/preferences/", {name: sent}, headers=AS_FETCH).status_code == 204
    assert kept(alice) == DEFAULTS | {name: stored}
    assert attribute in client.get("/health/").content.decode()


@pytest.mark.parametrize(
    ("name", "sent"),
    [("theme", "pink"), ("density", ""), ("palette", "x"), ("time_zone", "Nowhere/At All"), ("time_zone", "")],
)
def test_an_unknown_word_changes_nothing_and_is_told(client: Client, alice: User, name: str, sent: str) -> None:
    answer = client.post("/preferences/", {name: sent, "has_shortcuts": "false"}, headers=AS_FETCH)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [name]
    assert kept(alice) == DEFAULTS


def test_without_scripts_the_form_comes_back_with_what_was_typed_and_why(client: Client) -> None:
    answer = client.post("/preferences/", {"time_zone": "Berlin", "section": "display"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Berlin"' in text
    assert "There is no time zone “Berlin”." in text
    assert ">UTC</a>" in text


def test_without_scripts_a_section_saves_and_says_so(client: Client, alice: User) -> None:
    data = {"section": "keyboard", "has_shortcuts": ["false", "true"], "next": "/settings/"}
    answer = client.post("/preferences/", data, follow=True)
    assert answer.redirect_chain == [("/settings/", 302)]
    assert "Saved." in answer.content.decode()
    assert kept(alice)["has_shortcuts"] is True
    client.post("/preferences/", {"section": "keyboard", "has_shortcuts": "false", "next": "/settings/"})
    assert kept(alice)["has_shortcuts"] is False


def test_a_form_cannot_reach_other_columns_of_the_user(client: Client, alice: User) -> None:
    client.post("/preferences/", {"is_staff": "true", "email": "x@example.org", "pairs": "999"}, headers=AS_FETCH)
    alice.refresh_from_db()
    assert (alice.is_staff, alice.email, pair_quota(alice)) == (False, "alice@example.org", 20)


def test_the_settings_page_shows_what_is_chosen(client: Client) -> None:
    client.post("/preferences/", {"palette": "green-red", "time_zone": "Asia/Tokyo"}, headers=AS_FETCH)
    text = client.get("/settings/").content.decode()
    assert 'name="palette" value="green-red" checked' in text
    assert 'value="Asia/Tokyo"' in text


def test_the_theme_stays_after_logging_out(client: Client) -> None:
    client.post("/preferences/", {"theme": "dark"})
    client.post("/accounts/logout/")
    assert 'data-theme="dark"' in client.get("/").content.decode()


def test_zones_are_known_by_name_whatever_the_letter_case() -> None:
    assert zones()[0] == "UTC"
    assert zone_named(" america/new_york ") == "America/New_York"
    assert zone_named("../etc/passwd") is None
    assert "localtime" not in zones()
