"""The page of tokens in a browser: make, copy, leave, revoke."""

import pytest
from playwright.sync_api import Dialog, expect

from accounts.models import ApiToken, User
from tests.browser.pair_data import make_market, make_user
from tests.browser.site import Site
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PAGE = "/settings/tokens/"
GUARD_MS = 60_000


@pytest.fixture
def alice(transactional_db: None) -> User:
    make_market()
    return make_user()


def make(here: Visit) -> str:
    """Make a token on the page; its secret."""
    here.page.get_by_label("Name").fill("notebook")
    here.page.get_by_role("button", name="Make the token").click()
    secret = here.page.get_by_label("Token", exact=True)
    expect(secret).to_be_visible(timeout=GUARD_MS)
    return secret.input_value()


def test_a_token_is_made_copied_and_left_without_a_question(visit: type[Visit], site: Site, alice: User) -> None:
    here = visit.to(site, user=alice).go(PAGE)
    here.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(here.page.get_by_text("You have no tokens yet.")).to_be_visible()
    secret = make(here)
    assert here.axe() == []
    here.page.locator("[data-copy=secret]").click()
    expect(here.page.locator("[data-copy=secret]")).to_have_text("Copied")
    assert here.page.evaluate("navigator.clipboard.readText()") == secret
    asked: list[Dialog] = []
    here.page.on("dialog", lambda dialog: asked.append(dialog))  # noqa: PLW0108  playwright cannot mark a built-in
    here.go("/settings/")
    assert not asked
    assert here.complaints == []


def test_leaving_without_copying_asks_once(visit: type[Visit], site: Site, alice: User) -> None:
    here = visit.to(site, user=alice).go(PAGE)
    make(here)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    here.page.on("dialog", stay)
    settings = here.page.locator(".page a[href='/api/v1/docs']").first
    settings.click()
    expect(here.page.get_by_label("Token", exact=True)).to_be_visible()
    settings.click()
    here.page.wait_for_url("**/api/v1/docs")
    assert asked == ["beforeunload"]


def test_a_token_is_revoked_in_a_dialog_that_begins_on_cancel(visit: type[Visit], site: Site, alice: User) -> None:
    here = visit.to(site, user=alice).go(PAGE)
    make(here)
    here.page.on("dialog", lambda dialog: dialog.accept())
    here.page.get_by_role("link", name="Revoke notebook").click()
    dialog = here.page.get_by_role("dialog", name="Revoke the token “notebook”?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert here.axe() == []
    here.page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    here.page.get_by_role("link", name="Revoke notebook").click()
    dialog.get_by_role("button", name="Revoke").click()
    expect(here.page.get_by_text("The token “notebook” is revoked.")).to_be_visible(timeout=GUARD_MS)
    assert ApiToken.objects.get().revoked_at is not None


def test_without_scripts_a_token_is_made_and_revoked_too(visit: type[Visit], site: Site, alice: User) -> None:
    here = visit.to(site, user=alice, scripts=False, width=360).go(PAGE)
    assert make(here).startswith("lp_")
    here.page.get_by_role("link", name="Revoke notebook").click()
    here.page.get_by_role("button", name="Revoke").click()
    expect(here.page.get_by_text("The token “notebook” is revoked.")).to_be_visible(timeout=GUARD_MS)
