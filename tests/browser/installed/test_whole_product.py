"""What a person sees while the installation behind the page is killed, silenced and paused."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.screen import GUARD, GUARD_MS, Screen
from tests.browser.visit import Visit
from tests.stack import ExchangeControls
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.acceptance, pytest.mark.xdist_group("whole-product")]


def now_ms() -> int:
    """The simulated exchange trades by this machine's clock."""
    return time.time_ns() // 1_000_000


def test_charts_and_cards_move_by_themselves(alice: Screen) -> None:
    z, newest = alice.card("z"), alice.newest_drawn("zscore")
    alice.expect_live(after_ms=newest)
    wait_until(lambda: alice.card("z") != z, guard=GUARD, what="another z-score")
    alice.expect_complete()


@pytest.mark.parametrize(
    "process", ["daphne", "postgres", *(pytest.param(name, marks=pytest.mark.slow) for name in ("redis", "live.0"))]
)
def test_a_page_is_whole_again_after_kill_9(alice: Screen, process: str) -> None:
    alice.stack.kill(process)
    if process == "daphne":
        alice.expect_word("Reconnecting")
    alice.expect_live(after_ms=now_ms())
    alice.expect_complete()


def test_a_silent_exchange_is_called_stale(alice: Screen, exchange: ExchangeControls, visit: type[Visit]) -> None:
    exchange.fault("silent")
    alice.expect_word("Stale")
    expect(alice.page.locator(".panel [data-age]").first).to_contain_text("Stale", timeout=GUARD_MS)
    bob = Screen(visit.to(alice.stack), alice.stack)
    bob.sign_up("bob")
    bob.visit.go("/health/")
    expect(bob.page.get_by_role("cell", name="silent").first).to_be_visible(timeout=GUARD_MS)
    exchange.fault("silent", on=False)
    alice.expect_live(after_ms=now_ms())
    alice.expect_complete()
    assert bob.complaints == []


def test_a_simulated_market_is_said_on_every_page(alice: Screen, visit: type[Visit]) -> None:
    expect(alice.page.locator("[data-banner=simulated]")).to_be_visible()
    stranger = visit.to(alice.stack)
    for path in ("/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing/here/"):
        expect(stranger.go(path).page.locator("[data-banner=simulated]")).to_be_visible()


def test_a_pause_by_staff_is_said_on_the_open_page(alice: Screen, visit: type[Visit]) -> None:
    staff = Screen(visit.to(alice.stack), alice.stack)
    staff.sign_up("stella")
    alice.stack.rows("UPDATE accounts_user SET is_staff = true WHERE username = 'stella'")
    staff.visit.go("/health/")
    staff.page.get_by_role("button", name="Pause the feed").click()
    expect(alice.page.locator("[data-banner=paused]")).to_be_visible(timeout=GUARD_MS)
    alice.expect_word("Paused")
    staff.page.get_by_role("button", name="Resume the feed").click()
    expect(alice.page.locator("[data-banner=paused]")).to_be_hidden(timeout=GUARD_MS)
    alice.expect_live(after_ms=now_ms())
    alice.expect_complete()
    assert staff.complaints == []


def test_mallory_sees_nothing_of_alice(alice: Screen, visit: type[Visit]) -> None:
    (pair, spec), *_ = alice.stack.rows("SELECT id, spec_id FROM analytics_pair")
    mallory = Screen(visit.to(alice.stack), alice.stack)
    mallory.sign_up("mallory")
    for path in (f"/dashboard/?pair={pair}", f"/pairs/{pair}/settings/", f"/api/v1/topics/spec.{spec}"):
        answer = mallory.page.goto(alice.stack.url + path)
        assert answer is not None
        assert answer.status == 404, path
