"""What goes wrong is said in words, with what to do about it; a database that is away is no error of the page."""

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.conf import LazySettings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from livepairs import request_ids
from livepairs.maintenance import Maintenance, is_database_away
from livepairs.urls import handler403, handler404, handler429, handler500  # noqa: F401  this module is a ROOT_URLCONF
from livepairs.urls import urlpatterns as own
from market.models import FeedControl, Instrument
from tests.shell.access_cast import make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a secret of the code")


def without_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused") from psycopg.OperationalError("connection refused")


def refused(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only owners may share a list.")


urlpatterns = [
    path("broken/", broken),
    path("away/", without_database),
    path("api/away/", without_database),
    path("refused/", refused),
    *own,
]


@pytest.fixture
def client(settings: LazySettings) -> Client:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.force_login(make_user("alice"), "django.contrib.auth.backends.ModelBackend")
    return client


# --- ids and versions ------------------------------------------------------------------------------
def test_each_answer_has_an_id_of_its_own_and_the_version(client: Client) -> None:
    first, second = client.get("/healthz"), client.get("/static/nothing")
    ids = [answer["X-Request-ID"] for answer in (first, second)]
    assert all(re.fullmatch("[0-9a-f]{16}", each) for each in ids)
    assert ids[0] != ids[1]
    page = client.get("/health/")
    assert f'name="livepairs-version" content="{page["X-Livepairs-Version"]}"' in page.content.decode()


def test_the_id_of_a_failure_is_on_its_page_and_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(request_ids.WithRequestId())
    answer = client.get("/broken/")
    text = answer.content.decode()
    assert answer.status_code == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in text
    assert "secret" not in text
    logged = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.request_id for record in logged] == [f"[{answer['X-Request-ID']}] "]  # type: ignore[attr-defined]


# --- 403, 404 ----------------------------------------------------------------------------------------
def test_a_refusal_says_which_permission_and_who_grants_it(client: Client) -> None:
    answer = client.get("/refused/")
    assert answer.status_code == 403
    assert "Only owners may share a list." in answer.content.decode()
    assert "an administrator sets it with your user name, <strong>alice</strong>" in answer.content.decode()


def test_an_unknown_pair_leads_to_the_nearest_names(client: Client) -> None:
    FeedControl.objects.create(id=1, venue="simulated")
    for name in ("BTCUSDT", "ETHUSDT"):
        Instrument.objects.create(venue="simulated", symbol=name)
    answer = client.get("/pairs/BTCUSD~ETHUSD/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert 'href="/pairs/BTCUSDT~ETHUSDT/"' in text
    assert 'role="search"' in text
    assert "BTCUSDT" not in Client().get("/pairs/BTCUSD~ETHUSD/", follow=True).content.decode()


# --- 429 -----------------------------------------------------------------------------------------------
def test_too_many_tries_say_how_long_to_wait() -> None:
    visitor = Client()
    for _ in range(3):
        visitor.post("/accounts/password/reset/", {"email": "alice@example.org"})
    answer = visitor.post("/accounts/password/reset/", {"email": "Alice@example.org"})
    assert answer.status_code == 429
    assert 3_500 < int(answer["Retry-After"]) <= 3_600
    assert re.search(r"Try again in <strong>(59 min \d+ s|1 h)</strong>", answer.content.decode())


# --- 503 -----------------------------------------------------------------------------------------------
def test_maintenance_closes_pages_and_tells_when_it_ends(client: Client, settings: LazySettings) -> None:
    end = datetime.now(UTC) + timedelta(hours=2)
    settings.MAINTENANCE = end.isoformat()
    for address in ("/", "/dashboard/", "/accounts/login/", "/nothing/"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert 7_100 < int(answer["Retry-After"]) <= 7_200
        assert answer["Refresh"] == "30"
        assert f"{end:%Y-%m-%d %H:%M} UTC" in answer.content.decode()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["database"] is True


def test_maintenance_without_an_end_is_a_sentence(client: Client, settings: LazySettings) -> None:
    settings.MAINTENANCE = "We move to larger disks <today>."
    answer = client.get("/dashboard/")
    assert "We move to larger disks &lt;today&gt;." in answer.content.decode()
    assert answer["Retry-After"] == "30"
    api = client.get("/api/v1/metrics")
    assert (api.status_code, api["Content-Type"]) == (503, "application/problem+json")


def test_an_end_that_has_passed_is_asked_for_again_soon() -> None:
    why = Maintenance.parse("2026-01-01T11:00")
    assert why is not None
    assert why.retry_seconds(NOW) == 30
    assert why.retry_seconds(NOW - timedelta(hours=2)) == 3_600


@pytest.mark.parametrize(
    ("setting", "text"), [("", None), ("Later.", "Later."), ("2026-01-01", "livepairs is being maintained.")]
)
def test_the_setting_is_a_time_or_a_sentence(setting: str, text: str | None) -> None:
    why = Maintenance.parse(setting)
    assert (why and why.text) == text


def test_a_database_that_does_not_answer_is_said_and_asked_again(client: Client) -> None:
    answer = client.get("/away/")
    assert answer.status_code == 503
    assert (answer["Retry-After"], answer["Refresh"]) == ("5", "5")
    assert "The database does not answer." in answer.content.decode()
    api = client.get("/api/away/")
    assert (api.status_code, api["Content-Type"]) == (503, "application/problem+json")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "is_away"),
    [
        (caused(OperationalError(), psycopg.OperationalError("refused")), True),
        (caused(OperationalError(), psycopg.errors.AdminShutdown()), True),
        (caused(OperationalError(), psycopg.errors.TooManyConnections()), True),
        (InterfaceError("connection already closed"), True),
        (caused(OperationalError(), psycopg.errors.QueryCanceled()), False),
        (caused(OperationalError(), psycopg.errors.DiskFull()), False),
        (ProgrammingError("no such table"), False),
        (ValueError(), False),
        (None, False),
    ],
)
def test_only_a_database_out_of_reach_is_away(error: Exception | None, is_away: bool) -> None:
    assert is_database_away(error) is is_away
