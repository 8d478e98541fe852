"""Accounts in a real browser: from the first mail to a passkey, and a login that ends while somebody works."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from tests.browser.mailbox import Mailbox
from tests.browser.opened import GUARD_MS, opened
from tests.browser.pair_data import PASSWORD, LivePair, make_market, make_user
from tests.browser.site import Site
from tests.browser.visit import Visit
from tests.shell.account_support import code_now, with_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FRESH = "another horse battery staple"


def log_in(here: Visit, name: str, password: str = PASSWORD) -> None:
    here.go("/accounts/login/")
    here.page.get_by_label("Login").fill(name)
    here.page.get_by_label("Password", exact=True).fill(password)
    here.page.get_by_role("button", name="Log in", exact=True).click()


def confirm_password(page: Page) -> None:
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def test_sign_up_verification_and_reset(visit: type[Visit], mailing_site: tuple[Site, Mailbox]) -> None:
    site, mails = mailing_site
    make_market()
    here = visit.to(site).go("/accounts/signup/")
    page = here.page
    # The browser's zone is UTC, as every browser of these tests
    expect(page.get_by_label("Time zone")).to_have_value("UTC")
    for label, value in (("Email", "new@example.org"), ("Username", "newcomer"), ("Time zone", "Asia/Tokyo")):
        page.get_by_label(label).fill(value)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Verify Your Email Address")
    page.goto(mails.link("new@example.org", "/confirm-email/"))
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/accounts/login/")
    log_in(here, "newcomer")
    page.wait_for_url("**/dashboard/")
    assert User.objects.get().time_zone == "Asia/Tokyo"
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    here.go("/accounts/password/reset/")
    page.get_by_label("Email").fill("new@example.org")
    page.get_by_role("button", name=re.compile("reset", re.I)).click()
    page.goto(mails.link("new@example.org", "/password/reset/key/"))
    page.get_by_label("New Password", exact=True).fill(FRESH)
    page.get_by_label(re.compile("again", re.I)).fill(FRESH)
    page.get_by_role("button", name=re.compile("change password", re.I)).click()
    expect(page.get_by_text(re.compile("password is now changed", re.I))).to_be_visible()
    log_in(here, "newcomer", FRESH)
    page.wait_for_url("**/dashboard/")
    assert here.complaints == []


def test_the_time_zone_of_the_browser_is_suggested(visit: type[Visit], site: Site) -> None:
    context = visit.browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.goto(f"{site.url}/accounts/signup/")
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    context.close()


def test_an_app_is_set_up_and_asked_for(visit: type[Visit], site: Site) -> None:
    make_market()
    make_user()
    here = visit.to(site)
    log_in(here, "alice")
    page = here.go("/settings/").page
    page.get_by_role("link", name="Set up the second factor").click()
    page.get_by_role("link", name="Set up an app").click()
    confirm_password(page)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.get_by_label("Authenticator secret").input_value()
    assert here.axe() == []
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    code = page.locator(".codes code").first.inner_text()
    assert here.axe() == []
    other = visit.to(site)
    log_in(other, "alice")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert other.axe() == []
    other.page.locator("[name=code]").fill(code)
    other.page.get_by_role("button", name="Log in", exact=True).click()
    other.page.wait_for_url("**/dashboard/")
    assert here.complaints == other.complaints == []


def with_virtual_key(page: Page) -> None:
    """A device that holds passkeys and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_logs_in_to_the_page_that_was_asked_for(visit: type[Visit], site: Site) -> None:
    make_market()
    make_user()
    here = visit.to(site)
    page = here.page
    with_virtual_key(page)
    log_in(here, "alice")
    here.go("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Name").fill("Test device")
    assert here.axe() == []
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    here.go("/accounts/2fa/webauthn/")
    expect(page.get_by_role("row", name=re.compile("Test device"))).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("button", name="Log out").click()
    here.go("/accounts/login/?next=/health/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/health/")
    expect(page.get_by_role("button", name="Account")).to_be_visible()
    assert here.complaints == []


def test_another_login_is_ended(visit: type[Visit], site: Site) -> None:
    make_market()
    make_user()
    here, there = visit.to(site), visit.to(site)
    log_in(here, "alice")
    log_in(there, "alice")
    here.go("/settings/logins/")
    expect(here.page.get_by_role("row", name=re.compile("Chrome on Linux"))).to_have_count(2)
    assert here.axe() == []
    here.page.get_by_role("button", name=re.compile("^End it")).click()
    expect(here.page.get_by_text("That login has ended.")).to_be_visible()
    there.go("/settings/")
    there.page.wait_for_url("**/accounts/login/?next=/settings/")


def type_a_name(page: Page) -> None:
    """Half of a form that was not sent."""
    page.locator("#save-view [name=name]").evaluate("(field) => { field.value = 'half typed'; }")


def expect_the_page_to_go_on(page: Page) -> None:
    expect(page.locator("#relogin")).to_have_count(0)
    expect(page.locator("#pill")).not_to_have_attribute("data-state", "offline", timeout=GUARD_MS)
    assert page.locator("#save-view [name=name]").input_value() == "half typed"


def test_a_login_that_ends_is_renewed_on_the_page(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live)
    page = here.page
    page.evaluate("window.sameDocument = true")
    type_a_name(page)
    Session.objects.all().delete()
    expect(page.get_by_role("heading", name="Your login has ended")).to_be_visible(timeout=GUARD_MS)
    assert here.axe() == []
    dialog = page.locator("#relogin")
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in again").click()
    expect(dialog.get_by_role("alert")).to_contain_text("do not fit together")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in again").click()
    expect_the_page_to_go_on(page)
    assert page.evaluate("window.sameDocument") is True
    # Its forms are good again
    page.locator("#save-view").evaluate("(form) => form.requestSubmit()")
    expect(page.get_by_text("Saved as “half typed”.")).to_be_visible(timeout=GUARD_MS)


def test_the_second_step_is_taken_in_the_dialog_too(visit: type[Visit], site: Site, live: LivePair) -> None:
    secret = with_app(live.user)
    page = opened(visit, site, live).page
    type_a_name(page)
    Session.objects.all().delete()
    dialog = page.locator("#relogin")
    dialog.get_by_label("Password").fill(PASSWORD, timeout=GUARD_MS)
    dialog.get_by_role("button", name="Log in again").click()
    dialog.get_by_label("Code of your app").fill(code_now(secret))
    dialog.get_by_role("button", name="Go on").click()
    expect_the_page_to_go_on(page)


def test_somebody_else_does_not_see_the_page(visit: type[Visit], site: Site, live: LivePair) -> None:
    make_user("bob")
    page = opened(visit, site, live).page
    page.evaluate("window.sameDocument = true")
    Session.objects.all().delete()
    dialog = page.locator("#relogin")
    dialog.get_by_label("User name").fill("bob", timeout=GUARD_MS)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in again").click()
    expect(page.locator("#account-menu strong")).to_have_text("bob", timeout=GUARD_MS)
    assert page.evaluate("window.sameDocument") is None
