"""A link made by its owner, opened by anybody, live, and ended."""

import pytest
from playwright.sync_api import expect

from tests.browser.opened import GUARD_MS
from tests.browser.pair_data import LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_a_public_link_is_live_until_it_is_revoked(visit: type[Visit], site: Site, live: LivePair) -> None:
    name = f"{live.spec.y.symbol}~{live.spec.x.symbol}"
    alice = visit.to(site, user=live.user).go(f"/pairs/{name}/share/?range=15m")
    alice.page.get_by_role("button", name="Make a link").click()
    field = alice.page.get_by_label("Address", exact=True)
    address = field.input_value()
    assert alice.axe() == []
    alice.page.get_by_role("button", name="Copy", exact=True).click()
    expect(alice.page.locator("[data-copied]")).not_to_be_empty()

    nobody = visit.to(site).go(address.removeprefix(site.url))
    word = nobody.page.locator("[data-pill-word]")
    beta = nobody.page.locator("[data-card=beta] [data-value]")
    expect(beta).to_have_text("1.1000", timeout=GUARD_MS)
    live.publish_bar(2, z=3.21)
    expect(nobody.page.locator("[data-card=z] [data-value]")).to_contain_text("3.21", timeout=GUARD_MS)
    assert live.user.username not in nobody.page.content()
    assert nobody.axe() == []
    assert nobody.complaints == []

    alice.go("/shared/")
    alice.page.get_by_role("button", name="Revoke the link").click()
    expect(alice.page.locator(".messages")).to_contain_text("opens nothing any more")
    expect(nobody.page.locator("#notice")).to_contain_text("This link has ended", timeout=GUARD_MS)
    expect(word).to_have_text("Ended", timeout=GUARD_MS)
    nobody.page.reload()
    expect(nobody.page.get_by_role("heading", name="This link opens nothing")).to_be_visible()
    assert alice.complaints == []


def test_a_link_and_the_share_page_work_without_scripts(visit: type[Visit], site: Site, live: LivePair) -> None:
    name = f"{live.spec.y.symbol}~{live.spec.x.symbol}"
    alice = visit.to(site, user=live.user, scripts=False, width=360).go(f"/pairs/{name}/share/")
    alice.page.get_by_label("User name or email address").fill("bob")
    alice.page.get_by_role("button", name="Share", exact=True).click()
    expect(alice.page.locator(".messages")).to_contain_text("If there is an account called bob")
    alice.page.get_by_role("button", name="Take back").click()
    expect(alice.page.locator(".messages")).to_contain_text("bob can no longer see")
