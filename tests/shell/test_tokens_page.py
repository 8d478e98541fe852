"""The page of tokens: made, shown once, listed, revoked; without a script."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.tokens.use import make_token
from tests.shell.access_cast import make_user

pytestmark = pytest.mark.django_db
PAGE = "/settings/tokens/"
TYPED = {"name": "my <notebook>", "scopes": ["read", "export"], "days": "30"}


@pytest.fixture
def alice() -> User:
    return make_user("alice")


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client()
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    return client


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_new_token_is_shown_this_one_time_and_works(browser: Client, alice: User) -> None:
    page = text(browser.post(PAGE, TYPED))
    (secret,) = set(re.findall(r"lp_[\w-]{43}", page))
    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/me")
    assert answer.json()["token"]["scopes"] == ["read", "export"]
    assert secret not in text(browser.get(PAGE))
    token = ApiToken.objects.get(owner=alice)
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)


def test_the_examples_have_this_servers_address_and_the_token(browser: Client) -> None:
    page = text(browser.post(PAGE, TYPED, SERVER_NAME="localhost", SERVER_PORT="8123"))
    (secret,) = set(re.findall(r"lp_[\w-]{43}", page))
    assert f'curl -H "Authorization: Bearer {secret}" http://localhost:8123/api/v1/pairs' in page
    assert "ws://localhost:8123/ws/live/" in page
    assert f'"op":"auth","token":"{secret}"' in page
    # Nothing that is written into logs
    assert not re.search(r"[?&/=]lp_", page)


def test_the_page_with_a_secret_is_kept_by_no_cache(browser: Client) -> None:
    assert "no-store" in browser.post(PAGE, TYPED)["Cache-Control"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "Give the token a name"),
        ({"scopes": []}, "Choose at least one thing"),
        ({"scopes": ["admin"]}, "Select a valid choice. admin is not"),
        ({"days": "100000"}, "Select a valid choice. 100000 is not"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    change: dict[str, Any], words: str, browser: Client
) -> None:
    answer = browser.post(PAGE, TYPED | change)
    assert answer.status_code == 422
    assert words in text(answer)
    assert ("my <notebook>" in text(answer)) is ("name" not in change)
    assert not ApiToken.objects.exists()


def test_a_full_quota_is_said(browser: Client, settings: Any) -> None:
    settings.TOKEN_QUOTA = 1
    assert browser.post(PAGE, TYPED).status_code == 200
    answer = browser.post(PAGE, TYPED)
    assert (answer.status_code, ApiToken.objects.count()) == (422, 1)
    assert "You have 1 tokens, your limit." in text(answer)


def test_the_list_tells_use_end_and_rate(browser: Client, alice: User) -> None:
    made = make_token(alice, "used", ["read"], 90)
    Client(headers={"Authorization": f"Bearer {made.secret}"}).get("/api/v1/me")
    page = text(browser.get(PAGE))
    assert "127.0.0.1" in page
    assert re.search(r'<meter min="0" max="600" value="1"', page)
    assert made.secret[:7] in page
    assert "never</td>" not in page


def test_a_token_that_ends_within_a_week_is_pointed_out(browser: Client, alice: User) -> None:
    make_token(alice, "long", ["read"], 30)
    assert "Make a new one and replace it" not in text(browser.get(PAGE))
    make_token(alice, "short", ["read"], 7)
    assert "The token “short” ends on" in text(browser.get(PAGE))


def test_without_tokens_the_page_says_what_they_are_for(browser: Client) -> None:
    page = text(browser.get(PAGE))
    assert "You have no tokens yet." in page
    assert "/api/v1/docs" in page


def test_a_revoked_token_is_gone_at_once(browser: Client, alice: User) -> None:
    made = make_token(alice, "old", ["read"], 30)
    address = f"{PAGE}{made.token.pk}/revoke/"
    assert "Revoke the token “old”?" in text(browser.get(address))
    page = text(browser.post(address, follow=True))
    assert "The token “old” is revoked." in page
    assert Client(headers={"Authorization": f"Bearer {made.secret}"}).get("/api/v1/me").status_code == 401
    assert browser.post(address).status_code == 404


def test_the_reference_has_every_operation() -> None:
    page = text(Client().get("/api/v1/docs"))
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert len(paths) >= 13
    assert all(f"<code>{path}</code>" in page for path in paths)
