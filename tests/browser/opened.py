"""The dashboard of a pair, opened."""

from playwright.sync_api import expect

from tests.browser.pair_data import LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit

GUARD_MS = 60_000


def opened(visit: type[Visit], site: Site, live: LivePair, **how: object) -> Visit:
    """The dashboard with its charts drawn and its socket open."""
    here = visit.to(site, user=live.user, **how).go("/dashboard/")  # type: ignore[arg-type]  # keywords of `to`
    expect(here.page.locator("[data-card=z] [data-value]")).not_to_have_text("–", timeout=GUARD_MS)
    expect(here.page.locator("#pill:not([data-state=connecting])")).to_have_count(1, timeout=GUARD_MS)
    return here
