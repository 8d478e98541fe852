"""Tokens and sessions at the API: what is refused, with which words; rates; problems for everything under /api/."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from accounts import rates
from accounts.models import ApiToken, User
from accounts.tokens.secret import digest_of
from accounts.tokens.use import TokenQuotaError, make_token
from tests.shell.access_cast import make_user
from tests.shell.rest_support import Script, make_script

pytestmark = pytest.mark.django_db


@pytest.fixture
def script() -> Script:
    return make_script()


def problem(answer: Any) -> dict[str, Any]:
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["status"] == answer.status_code
    assert set(body) == {"type", "title", "detail", "status", "what", "where", "mend"}
    return body


# --- tokens --------------------------------------------------------------------------------------------
def test_the_secret_is_nowhere_in_the_database(script: Script) -> None:
    token = ApiToken.objects.get(pk=script.token.pk)
    assert token.digest == digest_of(script.secret)
    assert script.secret.startswith("lp_")
    assert not any(script.secret in str(value) for value in vars(token).values())


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"revoked_at": timezone.now()}, "This token was revoked."),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "This token ended on "),
        ({"digest": "0" * 64}, "There is no such token."),
    ],
)
def test_a_token_that_opens_nothing_says_why(change: dict[str, Any], what: str, script: Script) -> None:
    ApiToken.objects.filter(pk=script.token.pk).update(**change)
    answer = script.ask("me")
    body = problem(answer)
    assert (body["status"], answer["WWW-Authenticate"]) == (401, 'Bearer realm="livepairs"')
    assert body["what"].startswith(what)
    assert "/settings/tokens/" in body["mend"]


def test_the_token_of_a_closed_account_opens_nothing(script: Script) -> None:
    User.objects.filter(pk=script.user.pk).update(is_active=False)
    assert problem(script.ask("me"))["what"] == "The account of this token is closed."


def test_a_missing_scope_is_named(script: Script) -> None:
    reader = Script.of(script.user, "read")
    body = problem(reader.ask("pairs/1", "DELETE"))
    assert (body["status"], body["what"]) == (403, "This token lacks the scope “write”; it has: read.")


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "Bearer ", "lp_x", "Bearer lp_short"])
def test_a_wrong_header_is_not_mended_by_a_session(header: str, script: Script) -> None:
    client = Client()
    client.force_login(script.user, "django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/me").status_code == 200
    assert problem(client.get("/api/v1/me", headers={"Authorization": header}))["status"] == 401


@pytest.mark.parametrize("name", ["token", "access_token", "key", "Authorization"])
def test_a_token_in_the_address_is_never_accepted(name: str, script: Script) -> None:
    body = problem(Client().get("/api/v1/me", {name: script.secret}))
    assert body["status"] == 401
    assert "never accepted" in body["what"]


def test_a_token_in_a_form_or_cookie_is_never_accepted(script: Script) -> None:
    client = Client()
    client.cookies["token"] = script.secret
    assert client.post("/api/v1/pairs", {"token": script.secret}).status_code == 401


def test_when_and_from_where_a_token_was_used_is_kept(script: Script) -> None:
    script.ask("me")
    token = ApiToken.objects.get(pk=script.token.pk)
    assert token.last_used_from == "127.0.0.1"
    assert token.last_used_at is not None
    script.ask("me")
    # At most one write a minute
    assert ApiToken.objects.get(pk=script.token.pk).last_used_at == token.last_used_at


def test_nobody_forges_the_address_of_use(script: Script, settings: LazySettings) -> None:
    script.ask("me", **{"X-Forwarded-For": "10.9.8.7"})
    assert ApiToken.objects.get(pk=script.token.pk).last_used_from == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    script.ask("me", **{"X-Forwarded-For": "1.1.1.1, 10.9.8.7"})
    assert ApiToken.objects.get(pk=script.token.pk).last_used_from == "10.9.8.7"


def test_a_user_holds_so_many_tokens_and_no_more(script: Script, settings: LazySettings) -> None:
    settings.TOKEN_QUOTA = 2
    second = make_token(script.user, "second", ["read"], 7)
    with pytest.raises(TokenQuotaError, match="You have 2 tokens"):
        make_token(script.user, "third", ["read"], 7)
    second.token.revoke()
    make_token(script.user, "third", ["read"], 7)


# --- rates ---------------------------------------------------------------------------------------------
def test_each_token_has_its_own_rate(script: Script, settings: LazySettings) -> None:
    settings.API_RATE = 2
    other = Script.of(script.user, "read")
    answers = [script.ask("me") for _ in range(3)]
    if answers[2].status_code == 200:  # a minute began between them
        answers = [script.ask("me") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert answers[2]["RateLimit-Limit"] == "2"
    assert 1 <= int(answers[2]["Retry-After"]) == int(answers[2]["RateLimit-Reset"]) <= 60
    assert "more than 2 requests" in problem(answers[2])["what"].lower()
    assert other.ask("me").status_code == 200


def test_sessions_have_a_rate_too_for_each_user(settings: LazySettings) -> None:
    settings.API_RATE = 1
    alice, bob = make_user("alice"), make_user("bob")
    clients = []
    for user in (alice, alice, bob):
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        clients.append(client)
    answers = [client.get("/api/v1/me").status_code for client in clients * 2]
    assert 429 in answers[:5]
    assert answers[2] == 200


def test_without_redis_nothing_is_counted_and_answers_go_on(script: Script, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = script.ask("me")
    assert (answer.status_code, answer.json()["rate"]) == (200, None)
    assert "RateLimit-Limit" not in answer
    assert rates.standing(["token:1"]) == [None]


# --- problems for everything ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/", 404),
        ("GET", "/api/v2/me", 404),
        ("POST", "/api/v1/me", 405),
        ("PUT", "/api/v1/pairs", 405),
        ("POST", "/api/v1/docs", 405),
    ],
)
def test_errors_that_no_operation_made_are_problems(method: str, address: str, status: int, script: Script) -> None:
    client = Client(headers={"Authorization": f"Bearer {script.secret}"})
    body = problem(client.generic(method, address))
    assert (body["status"], body["where"]) == (status, address)
    assert body["mend"]


def test_a_method_that_is_not_allowed_names_those_that_are(script: Script) -> None:
    assert set(script.ask("pairs", "PUT")["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


def test_a_body_that_is_no_json_is_a_problem(script: Script) -> None:
    client = Client(headers={"Authorization": f"Bearer {script.secret}"})
    assert problem(client.post("/api/v1/pairs", "{", "application/json"))["status"] == 400


def test_a_failure_is_a_problem_without_detail_of_the_inside(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> int:
        raise ZeroDivisionError("the inside")

    monkeypatch.setattr("analytics.rest.me.pair_quota", broken)
    client = Client(headers={"Authorization": f"Bearer {script.secret}"}, raise_request_exception=False)
    answer = client.get("/api/v1/me")
    assert problem(answer)["status"] == 500
    assert b"inside" not in answer.content


def test_a_closed_site_and_a_strange_host_are_problems(script: Script, settings: LazySettings) -> None:
    assert problem(script.ask("me", Host="evil.example"))["status"] == 400
    settings.MAINTENANCE = "2099-01-01T00:00"
    assert problem(script.ask("me"))["status"] == 503
