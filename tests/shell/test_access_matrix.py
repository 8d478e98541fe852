"""One table walks every address, every route of the API and every kind of live topic, as each of the cast."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from accounts.models import User
from analytics.api import api
from analytics.rest.openapi import operations as operations_of
from analytics.routing import websocket_urlpatterns
from analytics.topics import known_kinds
from market.partitions import ensure_ahead
from tests.shell.access_cast import (
    PASSWORD,
    TOKENS,
    WHO,
    Cast,
    make_cast,
    make_secrets,
    make_user,
    plain,
    undone,
    writes,
)
from tests.shell.access_table import CALLS, CHANGES, PUBLIC, SAME_ANSWER, TABLE, Call, Row

pytestmark = pytest.mark.django_db
ADMIN = "admin/"
#: pages of the admin link files that are collected only where the site is served
PLAIN_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Made once: each test leaves it as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        ensure_ahead(datetime.now(UTC))
        yield make_cast()
        transaction.set_rollback(True)


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        else:
            yield route


ROUTES = sorted(set(routes(get_resolver())))
ADMIN_ROUTES = [route for route in ROUTES if route.startswith(ADMIN)]


# --- nothing is missing ----------------------------------------------------------------------------
def named(address: str, cast: Cast) -> str:
    return address.format(**cast.names)


def test_the_table_has_every_route(cast: Cast) -> None:
    in_table = set()
    for row in TABLE:
        with suppress(Resolver404):
            in_table.add(resolve(named(row.address, cast).partition("?")[0]).route)
    # The resolver leaves the anchor of a pattern out where an include ends
    assert in_table == {route.replace("/^", "/") for route in set(ROUTES) - set(ADMIN_ROUTES)}


def test_the_table_has_every_operation_of_the_api(cast: Cast) -> None:
    operations = {(method.upper(), path) for path, method, _ in operations_of(api.get_openapi_schema())}
    by_token = {(call.method, operation_path(named(call.address, cast))) for call in CALLS}
    by_session = {(call.method, operation_path(named(call.address, cast))) for call in CHANGES}
    assert by_token == operations
    assert by_session == {operation for operation in operations if operation[0] != "GET"}


def operation_path(address: str) -> str:
    """The path of an operation as the description writes it."""
    route = resolve(address.partition("?")[0]).route
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


def test_the_table_has_every_kind_of_topic() -> None:
    topics = [row.address.removeprefix("/api/v1/topics/") for row in TABLE if row.address.startswith("/api/v1/topics/")]
    assert {topic.partition(".")[0] for topic in topics} >= set(known_kinds())


def test_there_is_one_socket_and_it_serves_topics_only() -> None:
    assert [str(pattern.pattern) for pattern in websocket_urlpatterns] == ["ws/live/"]


# --- the table ---------------------------------------------------------------------------------------
def cell(response: Any) -> str:
    if response.status_code == 302 and response["Location"].startswith("/accounts/login/"):
        return "login"
    return str(response.status_code)


@pytest.mark.parametrize("row", TABLE, ids=[row.address for row in TABLE])
def test_a_get_answers_each_of_the_cast_and_changes_nothing(row: Row, cast: Cast) -> None:
    seen, written = [], []
    for who in WHO:
        with undone():
            client = cast.client(who)
            before = writes()
            seen.append(cell(client.get(named(row.address, cast))))
            written.append(writes() == before)
    assert " ".join(seen) == row.get
    assert written == [True] * len(WHO)


@pytest.mark.parametrize("row", TABLE, ids=[row.address for row in TABLE])
def test_a_post_answers_each_of_the_cast(row: Row, cast: Cast) -> None:
    seen = []
    for who in WHO:
        with undone():
            seen.append(cell(cast.client(who).post(named(row.address, cast), row.data)))
    assert " ".join(seen) == row.post


@pytest.mark.parametrize("row", TABLE, ids=[row.address for row in TABLE])
@pytest.mark.parametrize(("who", "like"), [("revoked", "mallory"), ("locked", "nobody")])
def test_who_lost_a_right_is_answered_as_who_never_had_it(row: Row, who: str, like: str, cast: Cast) -> None:
    """A share that was taken back leaves a stranger, a lock leaves nobody."""
    seen = []
    for method in ("get", "post"):
        with undone():
            data = row.data if method == "post" else {}
            seen.append(cell(getattr(cast.client(who), method)(named(row.address, cast), data)))
    column = WHO.index(like)
    assert seen == [row.get.split()[column], row.post.split()[column]]


@pytest.mark.parametrize("row", TABLE, ids=[row.address for row in TABLE])
def test_a_post_without_a_form_token_is_refused(row: Row, cast: Cast) -> None:
    for who in WHO:
        client = cast.client(who, enforce_csrf_checks=True)
        before = writes()
        status = client.post(named(row.address, cast), row.data).status_code
        # A visitor's theme is a cookie of that browser alone
        assert status in (401, 403, 404, 405) or (who == "nobody" and row.address.startswith("/preferences/"))
        assert writes() == before


@pytest.mark.parametrize("call", CALLS, ids=[f"{call.method} {call.address}" for call in CALLS])
def test_each_token_gets_what_its_scopes_allow(call: Call, cast: Cast) -> None:
    secrets, seen = make_secrets(cast), []
    for who in TOKENS:
        with undone():
            # CSRF is checked: a token needs no form token
            client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secrets[who]}"})
            seen.append(ask(client, call, cast).status_code)
    assert " ".join(map(str, seen)) == call.cells


@pytest.mark.parametrize("call", CHANGES, ids=[f"{call.method} {call.address}" for call in CHANGES])
def test_a_change_by_the_api_answers_each_of_the_cast(call: Call, cast: Cast) -> None:
    seen = []
    for who in WHO:
        with undone():
            seen.append(ask(cast.client(who), call, cast).status_code)
    assert " ".join(map(str, seen)) == call.cells


@pytest.mark.parametrize("call", CHANGES, ids=[f"{call.method} {call.address}" for call in CHANGES])
def test_a_change_by_the_api_without_a_form_token_is_refused(call: Call, cast: Cast) -> None:
    for who in WHO:
        client = cast.client(who, enforce_csrf_checks=True)
        before = writes()
        status = ask(client, call, cast).status_code
        assert status == (401 if who == "nobody" else 403)
        assert writes() == before


def ask(client: Client, call: Call, cast: Cast) -> Any:
    return client.generic(call.method, named(call.address, cast), json.dumps(call.data), "application/json")


def test_a_token_from_another_origin_is_refused(cast: Cast) -> None:
    client = cast.client("alice", enforce_csrf_checks=True)
    client.get("/dashboard/")
    data = {"theme": "dark", "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post("/preferences/", data, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/preferences/", data, headers={"Origin": "http://testserver"}).status_code == 302


def test_writes_are_seen(cast: Cast) -> None:
    before = writes()
    User.objects.filter(username="alice").update(theme="dark")
    assert writes() != before


@pytest.mark.parametrize("addresses", SAME_ANSWER, ids=[theirs for theirs, _ in SAME_ANSWER])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["mallory", "staff"])
def test_what_is_not_ones_own_reads_as_what_is_not_there(
    addresses: tuple[str, str], method: str, who: str, cast: Cast
) -> None:
    theirs, absent = (
        plain(getattr(cast.client(who), method)(address), address, address.rpartition("/")[2])
        for address in (named(each, cast) for each in addresses)
    )
    assert theirs == absent


@pytest.mark.parametrize("row", TABLE, ids=[row.address for row in TABLE])
def test_no_cache_keeps_what_a_user_sees(row: Row, cast: Cast) -> None:
    if row.address in PUBLIC:
        return
    response = cast.client("alice").get(named(row.address, cast))
    assert "no-store" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


# --- the admin ---------------------------------------------------------------------------------------
def admin_address(route: str) -> str:
    """An address of that route."""
    for name in ("<path:content_type_id>", "<path:object_id>", "<id>"):
        route = route.replace(name, "1")
    return "/" + route.replace("^(?P<app_label>auth|account|accounts)/$", "auth/").replace("(?P<url>.*)$", "nothing")


@pytest.mark.parametrize("route", ADMIN_ROUTES)
def test_the_admin_is_closed_to_all_but_staff(route: str, cast: Cast) -> None:
    address = admin_address(route)
    for who in ("alice", "mallory", "nobody"):
        with undone():
            response = cast.client(who).get(address, follow=True)
        closed = [response.status_code] == [405] and route == "admin/logout/"
        at_login = response.status_code == 200 and response.redirect_chain[-1][0].startswith("/accounts/login/")
        assert closed or (at_login if who == "nobody" else response.status_code == 403), response.status_code


@pytest.mark.parametrize("route", ADMIN_ROUTES)
def test_staff_without_rights_see_no_rows_and_reading_changes_nothing(
    route: str, cast: Cast, settings: LazySettings
) -> None:
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN_FILES}}
    client = cast.client("staff")
    before = writes()
    response = client.get(admin_address(route))
    assert response.status_code in (200, 302, 403, 404, 405)
    assert b"@example.org" not in response.content
    assert writes() == before


def test_the_admin_has_no_password_door_of_its_own(cast: Cast) -> None:
    client = cast.client("nobody")
    make_user("root", is_staff=True, is_superuser=True)
    response = client.post("/admin/login/", {"username": "root", "password": PASSWORD})
    assert cell(response) == "login"
    assert "sessionid" not in client.cookies


# --- redirects ---------------------------------------------------------------------------------------
ELSEWHERE = [
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "https://evil.example/",
    "http:///evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "%0d%0aLocation:%20https://evil.example",
    "https://testserver@evil.example/",
]


def leaves(response: Any, page: str) -> bool:
    """Would a browser go to another host, or run a script? It reads a backslash as a slash, /// as //, no tab."""
    location = response.get("Location", page).replace("\\", "/").replace("\t", "")
    location = re.sub(r"^(https?:|)/{3,}", r"\1//", location)
    target = urlsplit(urljoin(f"http://testserver{page}", location))
    return (target.scheme, target.netloc) != ("http", "testserver")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_next_never_leaves_the_site(target: str, cast: Cast) -> None:
    signing_up = {"email": "new@example.org", "username": "newcomer", "password1": PASSWORD, "password2": PASSWORD}
    asked = [
        ("nobody", "/accounts/login/", {"login": "alice", "password": PASSWORD}),
        ("nobody", "/accounts/signup/", signing_up),
        ("alice", "/accounts/login/", {}),
        ("alice", "/accounts/signup/", {}),
        ("alice", "/accounts/logout/", {}),
        ("alice", "/accounts/reauthenticate/", {"password": PASSWORD}),
        ("nobody", "/admin/login/", {}),
        ("alice", "/preferences/", {"theme": "dark"}),
        ("nobody", "/preferences/", {"theme": "dark"}),
    ]
    for who, page, data in asked:
        with undone():
            client = cast.client(who)
            answers = [client.get(page, {"next": target}), client.post(page, data | {"next": target})]
        assert answers[1].status_code == 302
        assert not any(leaves(answer, page) for answer in answers), (who, page)


def test_a_target_elsewhere_would_be_seen() -> None:
    assert all(leaves({"Location": target}, "/") for target in ELSEWHERE if not target.startswith("%"))
