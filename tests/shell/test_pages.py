"""Pages and forms as they are without JavaScript."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from django.views.defaults import server_error

from accounts.models import QuotaOverride, User
from analytics.models import Pair
from analytics.pairs import add_pair
from market.models import ConnectionState, FeedControl, Instrument

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def legs(db: None) -> list[Instrument]:
    FeedControl.objects.create(id=1, venue="simulated", reason="No way to the exchange.")
    return [Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT", "CCCUSDT")]


def signed_in(name: str, **more: Any) -> tuple[Client, User]:
    user = User.objects.create_user(name, f"{name}@example.org", PASSWORD, **more)
    client = Client()
    client.force_login(user)
    return client, user


def test_a_stranger_signs_up_adds_a_pair_changes_and_removes_it(legs: list[Instrument]) -> None:
    client = Client()
    fields = {"email": "new@example.org", "username": "newcomer", "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/accounts/signup/", fields)["Location"] == "/dashboard/"
    assert "AAAUSDT on BBBUSDT" in client.get("/dashboard/").content.decode()
    client.post("/pairs/add/", {"y": "aaausdt", "x": "BBBUSDT"})
    pair = Pair.objects.get(owner__username="newcomer")
    windows = {"timeframe": "1s", "hedge_window": "300", "z_window": "", "correlation_window": "60"}
    assert client.post(f"/pairs/{pair.pk}/settings/", windows)["Location"] == f"/dashboard/?pair={pair.pk}"
    pair.refresh_from_db()
    spec = pair.spec
    assert (spec.timeframe, spec.hedge_window, spec.z_window, spec.correlation_window) == (1, 300, 600, 60)
    client.post(f"/pairs/{pair.pk}/remove/")
    assert not Pair.objects.exists()


def test_a_refused_pair_keeps_what_was_typed(legs: list[Instrument]) -> None:
    client, _ = signed_in("alice")
    response = client.post("/pairs/add/", {"y": "AAAUSD", "x": "BBBUSDT"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "Nearest: AAAUSDT" in text
    assert 'value="AAAUSD"' in text


def test_windows_out_of_bounds_are_refused_with_the_bounds(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    pair = add_pair(alice, legs[0], legs[1])
    fields = {"timeframe": "1m", "hedge_window": "5", "z_window": "240", "correlation_window": "240"}
    response = client.post(f"/pairs/{pair.pk}/settings/", fields)
    assert response.status_code == 422
    assert "5 is outside 60 to 10,080 bars." in response.content.decode()


def test_the_quota_is_a_sentence_on_the_page(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    QuotaOverride.objects.create(user=alice, name="pairs", most=1)
    add_pair(alice, legs[0], legs[1])
    response = client.post("/pairs/add/", {"y": "AAAUSDT", "x": "CCCUSDT"})
    assert response.status_code == 422
    assert "your limit" in response.content.decode()


@pytest.mark.parametrize("path", ["/dashboard/?pair={}", "/pairs/{}/settings/", "/pairs/{}/remove/"])
def test_mallory_finds_nothing_of_alice(legs: list[Instrument], path: str) -> None:
    _, alice = signed_in("alice")
    mallory, _ = signed_in("mallory")
    address = path.format(add_pair(alice, legs[0], legs[1]).pk)
    answers = [mallory.get(address).status_code, mallory.post(address).status_code]
    assert 404 in answers
    assert set(answers) <= {404, 405}
    assert Pair.objects.count() == 1


@pytest.mark.parametrize("path", ["/dashboard/", "/pairs/add/", "/pairs/1/settings/", "/pairs/1/remove/", "/health/"])
def test_nobody_is_sent_to_the_login(path: str) -> None:
    for answer in (Client().get(path), Client().post(path)):
        assert answer["Location"].startswith("/accounts/login/")


def test_forms_need_their_token(legs: list[Instrument]) -> None:
    _, alice = signed_in("alice")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    for path in ("/pairs/add/", "/preferences/", "/health/feed/"):
        assert strict.post(path, {"y": "AAAUSDT", "x": "BBBUSDT", "theme": "dark"}).status_code == 403


def test_the_theme_is_in_the_first_byte_and_stays_after_login() -> None:
    client, alice = signed_in("alice")
    response = client.post("/preferences/", {"theme": "dark", "next": "/dashboard/"})
    assert response["Location"] == "/dashboard/"
    assert '<html lang="en" data-theme="dark" ' in client.get("/dashboard/").content.decode()
    alice.refresh_from_db()
    assert alice.theme == "dark"


def test_a_visitor_keeps_a_theme_in_a_cookie_and_gets_no_other() -> None:
    visitor = Client()
    visitor.post("/preferences/", {"theme": "light", "next": "https://elsewhere.example/"}, follow=False)
    assert '<html lang="en" data-theme="light" ' in visitor.get("/").content.decode()
    assert set(visitor.cookies) == {"theme"}


def test_an_unknown_theme_is_no_choice() -> None:
    visitor = Client()
    visitor.post("/preferences/", {"theme": '"><script>', "next": "/"})
    assert 'data-theme="system"' in visitor.get("/").content.decode()


def test_redirects_stay_on_this_host() -> None:
    assert Client().post("/preferences/", {"theme": "dark", "next": "https://elsewhere.example/"})["Location"] == "/"


def test_staff_pause_and_resume_with_their_name() -> None:
    client, _ = signed_in("staff", is_staff=True)
    client.post("/health/feed/", {"action": "pause"})
    control = FeedControl.objects.get()
    assert (control.is_paused, control.paused_by) == (True, "staff")
    assert "Feed paused." in client.get("/health/").content.decode()
    client.post("/health/feed/", {"action": "resume"})
    control.refresh_from_db()
    assert (control.is_paused, control.paused_by) == (False, "")


def test_a_blocked_feed_is_said_on_every_page() -> None:
    ConnectionState.objects.create(
        name="binance", venue="binance", state="blocked", reason="HTTP 451 from the exchange", changed_at=timezone.now()
    )
    for path in ("/", "/accounts/login/"):
        text = Client().get(path).content.decode()
        assert 'data-banner="blocked"><strong>' in text
        assert "HTTP 451 from the exchange" in text


def test_others_may_not_pause() -> None:
    client, _ = signed_in("alice")
    assert client.post("/health/feed/", {"action": "pause"}).status_code == 403
    assert not FeedControl.objects.filter(is_paused=True).exists()


def test_health_puts_the_worst_first() -> None:
    for name, state in (("one", "live"), ("two", "silent")):
        ConnectionState.objects.create(name=name, venue="simulated", state=state, changed_at=timezone.now())
    client, _ = signed_in("alice")
    text = client.get("/health/?part=state").content.decode()
    assert text.index("two") < text.index("one")


def test_page_data_cannot_break_out_of_its_element(legs: list[Instrument]) -> None:
    client, alice = signed_in("alice")
    odd = Instrument.objects.create(venue="simulated", symbol="</script><b>")
    add_pair(alice, odd, legs[0])
    assert "</script><b>" not in client.get("/dashboard/").content.decode()


def test_errors_have_pages_of_the_site() -> None:
    response = Client().get("/nothing/here/")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    _, alice = signed_in("alice")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    response = strict.post("/pairs/add/", {"y": "AAAUSDT", "x": "BBBUSDT"})
    assert response.status_code == 403
    assert "This form is out of date" in response.content.decode()


def test_a_failure_is_a_plain_page_without_scripts_and_styles() -> None:
    request = RequestFactory().get("/")
    response = server_error(request)
    assert response.status_code == 500
    text = response.content.decode()
    assert "Something failed here" in text
    assert "<script" not in text
    assert "style" not in text
