"""All other pages: clean, accessible, usable in both themes and on a phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from analytics.models import Pair
from market.models import ConnectionState, FeedControl, Instrument, SymbolState
from tests.browser.pair_data import PASSWORD, LivePair, make_market, make_user
from tests.browser.site import Site
from tests.browser.visit import Visit

# One worker for all of them: they share the web process and the built files
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
GUARD_MS = 60_000
#: these pages at rest are in test_every_page.py
LOOKS = [("dark", 1280), ("light", 360)]


def make_states(instruments: list[Instrument]) -> None:
    now = timezone.now()
    words = ["live", "back-filling", "silent", "halted"]
    for instrument, state in zip(instruments, words, strict=True):
        SymbolState.objects.create(
            instrument=instrument,
            state=state,
            changed_at=now,
            reason="" if state == "live" else f"{state} since 12:01",
            last_trade_ms=int(now.timestamp() * 1000),
        )
    ConnectionState.objects.create(name="simulated-1", venue="simulated", state="live", changed_at=now)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_of_staff(visit: type[Visit], site: Site, theme: str, width: int) -> None:
    make_states(make_market())
    FeedControl.objects.update(is_paused=True, paused_by="staff")
    here = visit.to(site, user=make_user(is_staff=True), theme=theme, width=width)
    for name, path in (("empty", "/dashboard/"), ("health", "/health/"), ("password", "/accounts/password/change/")):
        here.go(path)
        assert here.axe() == [], path
        assert here.width_of_content() <= width, path
        here.picture(f"{name}-{theme}-{width}")
        assert here.complaints == [], path


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_of_errors(visit: type[Visit], site: Site, theme: str, width: int) -> None:
    here = visit.to(site, user=make_user(), theme=theme, width=width)
    here.go("/nothing/here/")
    look_at_error(here, "Not found", width, f"404-{theme}-{width}")
    here.go("/accounts/logout/")
    here.page.evaluate("document.querySelector('main form').action = '/health/feed/'")
    here.page.locator("main form button").click()
    look_at_error(here, "Not allowed", width, f"403-{theme}-{width}")
    here.page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((field) => field.remove())")
    here.page.evaluate("document.querySelector('#account-menu form').requestSubmit()")
    look_at_error(here, "This form is out of date", width, f"403_csrf-{theme}-{width}")


def look_at_error(here: Visit, heading: str, width: int, picture: str) -> None:
    expect(here.page.get_by_role("heading", level=1)).to_have_text(heading)
    assert here.axe() == []
    assert here.width_of_content() <= width
    here.picture(picture)
    # The browser itself reports the status; nothing else may be said
    assert [said for said in here.complaints if "the server responded with a status of 40" not in said] == []


def test_from_sign_up_to_a_pair_and_out(visit: type[Visit], site: Site) -> None:
    make_market()
    page = visit.to(site).go("/").page
    page.get_by_role("link", name="Sign up").click()
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_label("Username").fill("newcomer")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("button", name="AAAUSDT on BBBUSDT").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("AAAUSDT on BBBUSDT")
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Sign up")).to_be_visible()


def test_a_refused_pair_is_explained_and_has_the_focus(visit: type[Visit], site: Site) -> None:
    make_market()
    here = visit.to(site, user=make_user()).go("/dashboard/")
    here.page.get_by_label("Leg Y (dependent)").fill("AAAUSD")
    here.page.get_by_label("Leg X (hedge)").fill("BBBUSDT")
    here.page.get_by_role("button", name="Add pair").click()
    expect(here.page.get_by_text("Nearest: AAAUSDT")).to_be_visible()
    expect(here.page.get_by_label("Leg Y (dependent)")).to_be_focused()


def test_the_theme_button_acts_at_once_and_is_kept(visit: type[Visit], site: Site) -> None:
    alice = make_user()
    here = visit.to(site, user=alice).go("/health/")
    expect(here.page.get_by_role("button", name="Theme: system")).to_be_visible()
    with here.page.expect_response("**/preferences/"):
        here.page.get_by_role("button", name="Theme").click()
    expect(here.page.locator("html")).to_have_attribute("data-theme", "dark")
    assert here.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 17, 23)"
    expect(here.go("/dashboard/").page.locator("html")).to_have_attribute("data-theme", "dark")
    alice.refresh_from_db()
    assert alice.theme == "dark"


def test_another_timeframe_brings_its_windows_and_clears_the_page(visit: type[Visit], site: Site) -> None:
    y, x, *_ = make_market()
    live = LivePair.make(make_user(), y, x)
    here = visit.to(site, user=live.user).go("/dashboard/")
    expect(here.page.locator("[data-card=beta] [data-value]")).to_have_text("1.1000", timeout=GUARD_MS)
    here.page.locator("details:has(#settings) > summary").click()
    here.page.get_by_label("Timeframe").select_option("1m")
    expect(here.page.get_by_label("Hedge window")).to_have_value("1440")
    here.page.evaluate("""document.addEventListener("submit", () => {
        const text = document.querySelector("[data-card=beta] [data-value]").textContent;
        sessionStorage.setItem("shown", text);
    })""")
    here.page.get_by_role("button", name="Apply").click()
    expect(here.page.get_by_text("windows 1440 / 240 / 240")).to_be_visible()
    assert here.page.evaluate("sessionStorage.getItem('shown')") == "–"
    # Looked at, and not on the list until it is saved
    assert [pair.spec.timeframe for pair in Pair.objects.filter(on_list=True)] == [1]
    expect(here.page.get_by_role("button", name="Save settings")).to_be_visible()


def test_health_refreshes_by_itself(visit: type[Visit], site: Site) -> None:
    make_states(make_market())
    here = visit.to(site, user=make_user()).go("/health/")
    SymbolState.objects.filter(state="silent").update(state="live", reason="heard again")
    expect(here.page.get_by_text("heard again")).to_be_visible(timeout=GUARD_MS)
    assert here.complaints == []


def test_forms_work_without_javascript(visit: type[Visit], site: Site) -> None:
    make_market()
    here = visit.to(site, user=make_user(), scripts=False).go("/dashboard/")
    here.page.get_by_role("button", name="CCCUSDT on DDDUSDT").click()
    expect(here.page.get_by_role("heading", level=1)).to_have_text("CCCUSDT on DDDUSDT")
    here.page.get_by_role("button", name="Theme").click()
    expect(here.page.locator("html")).to_have_attribute("data-theme", "dark")
