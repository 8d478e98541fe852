"""The dashboard with real rows, real frames and a real browser."""

import pytest
from playwright.sync_api import Response, expect

from analytics.models import Snapshot
from analytics.pairs import remove_pair
from tests.browser.opened import GUARD_MS, opened
from tests.browser.pair_data import LivePair, make_market, make_user
from tests.browser.site import Site
from tests.browser.visit import Visit

# One worker for all of them: they share the web process and the built files
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def draw_all_charts(here: Visit) -> None:
    """Charts out of sight are not painted: look at each. On a phone most are closed at first."""
    closed = here.page.locator('[data-act="fold"][aria-expanded="false"]')
    while closed.count():
        closed.first.click()
    for key in ("prices", "zscore", "spread", "correlation", "equity"):
        here.page.locator(f"#chart-{key}").scroll_into_view_if_needed()
        expect(here.page.locator(f"#chart-{key}[data-last]")).to_have_count(1, timeout=GUARD_MS)


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 360)])
def test_dashboard_is_clean_and_accessible(
    visit: type[Visit], site: Site, live: LivePair, theme: str, width: int
) -> None:
    here = opened(visit, site, live, theme=theme, width=width)
    draw_all_charts(here)
    assert here.axe() == []
    assert here.width_of_content() <= width
    here.picture(f"dashboard-{theme}-{width}")
    assert here.complaints == []


def test_files_are_our_own_and_kept_for_ever(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = visit.to(site, user=live.user)
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    here.page.on("response", keep)
    here.go("/dashboard/")
    expect(here.page.locator("[data-card=z] [data-value]")).not_to_have_text("–", timeout=GUARD_MS)
    assert [answer.url for answer in answers if not answer.url.startswith((site.url, "data:"))] == []
    static = {answer.url: answer.header_value("cache-control") or "" for answer in answers if "/static/" in answer.url}
    assert len(static) >= 4
    assert [url for url, rule in static.items() if "immutable" not in rule] == []


def test_a_chart_without_values_has_no_axes(visit: type[Visit], site: Site, live: LivePair) -> None:
    Snapshot.objects.update(correlation=None, unknown={"corr": "warming up 9 of 120"})
    here = opened(visit, site, live)
    expect(here.page.get_by_text("warming up 9 of 120").last).to_be_visible()
    expect(here.page.locator("#chart-correlation")).to_be_hidden()
    expect(here.page.locator("#chart-zscore")).to_be_visible()


def test_cards_show_the_newest_bar(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    expect(here.page.locator("[data-card=beta] [data-value]")).to_have_text("1.1000")
    expect(here.page.locator("[data-card=pvalue] [data-note]")).to_have_text("cointegrated")
    expect(here.page.locator("[data-card=price_y] [data-value]")).not_to_have_text("–")


def test_live_frames_move_the_page(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    opened_ms = live.publish_bar(2, z=-2.75)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("−2.75", timeout=GUARD_MS)
    expect(here.page.locator("#chart-zscore")).to_have_attribute("data-last", str(opened_ms), timeout=GUARD_MS)
    live.publish_price(11, 6_123.4)
    expect(here.page.locator("[data-card=price_y] [data-value]")).to_have_text("6,123.4", timeout=GUARD_MS)
    assert here.complaints == []


def test_a_lost_frame_is_fetched(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    live.publish_bar(2, z=1.5)
    live.publish_bar(5, z=-1.25)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("−1.25", timeout=GUARD_MS)


@pytest.mark.slow  # the whole product is killed likewise in every run
def test_page_is_live_again_after_the_server_died(visit: type[Visit], own_site: Site, live: LivePair) -> None:
    here = opened(visit, own_site, live)
    here.page.evaluate("window.isSamePage = true")
    own_site.kill()
    expect(here.page.locator("#pill")).to_contain_text("Reconnecting", timeout=GUARD_MS)
    live.publish_bar(2, z=3.5)
    own_site.start()
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("+3.50", timeout=GUARD_MS)
    live.publish_bar(3, z=-3.25)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("−3.25", timeout=GUARD_MS)
    expect(here.page.locator("#pill")).to_have_attribute("data-state", "live", timeout=GUARD_MS)
    assert here.page.evaluate("window.isSamePage")


def test_a_paused_feed_is_said_at_once(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    expect(here.page.locator("[data-banner=paused]")).to_be_hidden()
    live.publish_feed(is_paused=True)
    expect(here.page.locator("[data-banner=paused]")).to_be_visible(timeout=GUARD_MS)
    expect(here.page.locator("[data-pill-word]")).to_have_text("Paused")


def test_a_leg_that_halts_is_named(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    live.publish_feed(halted=live.spec.x)
    notice = here.page.locator("#leg-notice")
    expect(notice).to_contain_text(
        "BBBUSDT is halted: the exchange says BREAK. Its last trade was at", timeout=GUARD_MS
    )
    live.publish_feed()
    expect(notice).to_be_hidden(timeout=GUARD_MS)
    assert here.complaints == []


def test_a_pair_removed_elsewhere_leaves_no_number(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    remove_pair(live.pair)
    expect(here.page.locator("#notice")).to_contain_text("changed or removed elsewhere", timeout=GUARD_MS)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("–")


def test_old_data_are_called_stale(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    expect(here.page.locator("[data-pill-word]")).to_have_text("Stale", timeout=GUARD_MS)
    expect(here.page.locator("[data-age]").first).to_contain_text("Stale")


def test_simulated_market_cannot_be_overlooked(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = visit.to(site, user=live.user)
    for path in ("/", "/dashboard/", "/health/", "/method/"):
        expect(here.go(path).page.locator("[data-banner=simulated]")).to_be_visible()
        expect(here.page.locator("[data-banner=simulated]")).to_contain_text("The exchange cannot be reached.")
    expect(visit.to(site).go("/accounts/login/").page.locator("[data-banner=simulated]")).to_be_visible()


def test_a_real_market_is_not_called_simulated(visit: type[Visit], site: Site) -> None:
    here = visit.to(site, user=LivePair.make(make_user(), *make_market("binance")[:2]).user)
    for path in ("/", "/dashboard/", "/health/"):
        expect(here.go(path).page.locator("[data-banner=simulated]")).to_be_hidden()
    expect(visit.to(site).go("/accounts/login/").page.locator("[data-banner=simulated]")).to_be_hidden()
