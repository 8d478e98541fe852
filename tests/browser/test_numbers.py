"""The numbers of the dashboard: together, of one bar, with their definitions, and never under another spec's labels."""

import re
from datetime import UTC, datetime
from itertools import count

import pytest
from playwright.sync_api import Locator, expect

from analytics.models import PairReport
from tests.browser.opened import GUARD_MS, opened
from tests.browser.pair_data import LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# Prices belong to their symbols, whatever is computed of them
_OF_SPEC = (
    "[data-card]:not([data-card^=price]) [data-value], :is([data-metric], [data-fact], [data-check]) [data-value]"
)
_SHOWN = f"""() => [...document.querySelectorAll("{_OF_SPEC}")].map((place) => place.textContent)"""
_KEEP_SHOWN = f"""() => document.addEventListener("submit", () =>
    sessionStorage.setItem("shown", JSON.stringify(({_SHOWN})())))"""


def value(here: Visit, kind: str, name: str) -> Locator:
    return here.page.locator(f"[data-{kind}={name}] [data-value]").first


def note(here: Visit, kind: str, name: str) -> Locator:
    return here.page.locator(f"[data-{kind}={name}] [data-note]").first


def test_the_fit_stands_together_with_what_it_is_of(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    expect(value(here, "metric", "hedge_ratio")).to_have_text("1.1000")
    expect(value(here, "metric", "intercept")).to_have_text("2.000000")
    expect(value(here, "metric", "hedge_stderr")).to_have_text("0.004200")
    expect(value(here, "metric", "hedge_r2")).to_have_text("0.9931")
    expect(value(here, "metric", "hedge_n")).to_have_text("300 bars, 5 min")
    expect(value(here, "fact", "direction")).to_have_text("AAAUSDT on BBBUSDT")
    expect(value(here, "fact", "prices")).to_have_text("log prices")
    expect(value(here, "fact", "method")).to_have_text("OLS, rolling")
    expect(here.page.locator("[data-metric=innovation]")).to_have_count(0)
    bar = datetime.fromtimestamp(live.publish_bar(2, z=-2.75) / 1000, UTC)
    expect(value(here, "card", "z")).to_have_text("−2.75", timeout=GUARD_MS)
    expect(value(here, "fact", "bar")).to_have_text(f"{bar:%-d %b %Y, %H:%M:%S}")


def test_a_label_leads_to_its_definition_by_keyboard(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    here.page.locator("[data-card=z] .card-label").focus()
    here.page.keyboard.press("Enter")
    about = here.page.locator("#about-z")
    expect(about).to_contain_text("The scored bar is neither in its own window nor in the fit.")
    about.get_by_role("link", name="How this is made").focus()
    here.page.keyboard.press("Enter")
    expect(here.page).to_have_url(re.compile("/method/#zscore$"))
    expect(here.page.get_by_role("region", name="z-score", exact=True)).to_be_in_viewport()
    expect(here.page.get_by_role("link", name="Method", exact=True)).to_have_attribute("aria-current", "page")
    assert here.complaints == []


def test_a_new_bar_leaves_the_focus_where_it_is(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    link = here.page.locator("[data-metric=hedge_stderr] a")
    link.focus()
    live.publish_bar(2, z=-2.75)
    expect(value(here, "card", "z")).to_have_text("−2.75", timeout=GUARD_MS)
    expect(link).to_be_focused()


def test_the_quick_check_shows_figures_trades_and_rules(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    panel = here.page.get_by_role("region", name="Quick check")
    expect(panel).to_contain_text("It is a check and no backtest")
    expect(panel).to_contain_text("enter at |z| ≥ 2, leave at 0.5, 5 bps a leg and trade")
    expect(value(here, "check", "net")).not_to_have_text("–")
    expect(note(here, "metric", "check_sharpe")).to_contain_text("not enough trades")
    trips = int(value(here, "metric", "check_trips").inner_text())
    assert 0 < trips <= 20
    assert panel.locator("[data-trades] tr").count() in {trips, trips + 1}
    expect(panel.get_by_role("img")).to_have_attribute("aria-label", re.compile("^Net result from .* last "))


def test_without_a_check_its_reason_stands_there(visit: type[Visit], site: Site, live: LivePair) -> None:
    data = PairReport.objects.get().data
    reason = {"check": None, "unknown": {"check": "no z-score in 40 bars"}}
    PairReport.objects.update(data=data | reason)
    here = opened(visit, site, live)
    panel = here.page.get_by_role("region", name="Quick check")
    expect(value(here, "check", "net")).to_have_text("–")
    expect(panel.locator("[data-empty]")).to_have_text("no z-score in 40 bars")
    expect(panel.locator("[data-trades]")).to_have_text("no z-score in 40 bars")
    assert here.axe() == []


def test_the_forming_bar_is_scored_beside_the_closed_one(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    numbers = count(11)

    def is_told() -> bool:
        """Prices and bars grow old in seconds: they come again until the page has shown them."""
        number = next(numbers)
        live.publish_bar(number, z=-2.75)
        # ln y = 2 + 1.1 ln x - 0.0003, and the deviation is 0.0002
        live.publish_price(number, 38_609.22, leg=live.spec.y)
        live.publish_price(number, 2_400.0, leg=live.spec.x)
        here.page.wait_for_timeout(500)
        return note(here, "card", "z").inner_text() == "▼ entry, beyond −2 · forming −1.50"

    wait_until(is_told, what="the score of the forming bar")
    expect(value(here, "card", "z")).to_have_text("−2.75")


def test_another_hedge_method_shows_no_number_of_the_old_one(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    expect(value(here, "check", "net")).not_to_have_text("–")
    here.page.evaluate(_KEEP_SHOWN)
    here.page.locator("details:has(#settings) > summary").click()
    here.page.get_by_label("Hedge method").select_option("kalman")
    here.page.get_by_role("button", name="Apply").click()
    expect(here.page.locator(".pair-head")).to_contain_text("Kalman filter")
    assert set(here.page.evaluate("JSON.parse(sessionStorage.getItem('shown'))")) == {"–"}
    expect(here.page.locator("#pill:not([data-state=connecting])")).to_have_count(1, timeout=GUARD_MS)
    assert set(here.page.evaluate(_SHOWN)) == {"–"}
    expect(here.page.locator("[data-metric=innovation]")).to_have_count(1)
    expect(here.page.locator("[data-trades] td")).to_have_count(1)
    expect(here.page.locator("#verdict")).to_be_hidden()
    expect(here.page.locator("#warnings")).to_be_hidden()
    expect(value(here, "card", "price_y")).not_to_have_text("–", timeout=GUARD_MS)
    live.publish_bar(2, z=9.75)
    live.publish_price(11, 39_000.0)
    expect(value(here, "card", "price_y")).to_have_text("39,000.0", timeout=GUARD_MS)
    assert set(here.page.evaluate(_SHOWN)) == {"–"}
    assert here.complaints == []
