"""What a person sees of a whole installation, from sign-up to a link in a second user's hands, and while what is behind
the page is killed, silenced and paused.
"""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.charts import Charts
from tests.browser.screen import GUARD, GUARD_MS, STEP_MS, Screen
from tests.browser.visit import Visit
from tests.stack import ExchangeControls, Stack
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


# --- a link in other hands, a page that slept, hid, or has a wrong clock ---
def newest(screen: Screen) -> int:
    return max(screen.known())


def test_the_link_of_a_zoomed_view_shows_the_same_to_a_second_user(
    alice: Screen, visit: type[Visit], stack: Stack
) -> None:
    page, charts = alice.page, Charts(alice.visit)
    charts.zoom("zscore", 0.4)
    chosen, before = charts.fixed_range(), newest(alice)
    wait_until(lambda: newest(alice) > before + 3 * STEP_MS, guard=GUARD, what="newer bars")
    assert charts.fixed_range() == chosen, "live data moved what the user had set"
    expect(page.get_by_role("button", name=re.compile("Back to live"))).to_be_visible()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link", exact=True).click()
    page.get_by_role("button", name="Copy link to this range").click()
    link = str(page.evaluate("navigator.clipboard.readText()"))
    carol = Screen(visit.to(stack), stack)
    carol.sign_up("carol")
    carol.page.goto(link)
    expect(carol.page.get_by_role("heading", level=1)).to_have_text(page.get_by_role("heading", level=1).inner_text())
    # These settings are on no list of his: the page has them computed for him
    expect(carol.page.locator("[data-card=z] [data-value]")).not_to_have_text("–", timeout=GUARD_MS)
    assert Charts(carol.visit).fixed_range() == chosen
    drawn = charts.drawn("zscore").get_attribute("aria-label")
    his = Charts(carol.visit).drawn("zscore")
    wait_until(lambda: his.get_attribute("aria-label") == drawn, guard=GUARD, what="the same chart")
    assert carol.complaints == []
    page.get_by_role("button", name=re.compile("Back to live")).click()
    charts.expect_following()


def test_a_page_that_slept_is_whole_again_without_a_reload(alice: Screen) -> None:
    """Frozen as the browser does it with a machine that sleeps; the server gives the silent socket up meanwhile."""
    devtools = alice.page.context.new_cdp_session(alice.page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    alice.stack.kill("daphne")
    recorded = "SELECT extract(epoch FROM max(opened_at))::int FROM analytics_snapshot"
    before = alice.stack.value(recorded)
    wait_until(lambda: alice.stack.value(recorded) > before + 5, guard=GUARD, what="bars while the page slept")
    devtools.send("Page.setWebLifecycleState", {"state": "active"})
    alice.expect_live()
    alice.expect_complete()


def test_a_hidden_tab_paints_nothing_and_catches_up(alice: Screen, visit: type[Visit]) -> None:
    page = alice.page
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    drawn, known = alice.newest_drawn("zscore"), newest(alice)
    wait_until(lambda: newest(alice) > known + 3 * STEP_MS, guard=GUARD, what="frames while hidden")
    assert alice.newest_drawn("zscore") == drawn
    page.evaluate("""() => {
        delete document.hidden;
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    alice.expect_live(after_ms=drawn)
    alice.expect_complete()


@pytest.mark.parametrize("minutes", [-7, 7])
def test_a_clock_that_is_off_by_minutes_changes_no_age(
    visit: type[Visit], stack: Stack, alice: Screen, minutes: int
) -> None:
    other = Screen(visit.to(stack), stack)
    other.page.add_init_script(f"{{ const own = Date.now; Date.now = () => own() + {minutes * 60_000}; }}")
    other.sign_up(f"off{minutes}".replace("-", "m"))
    other.take_suggestion()
    other.expect_live()
    expect(other.page.locator("[data-age]").first).to_have_text(re.compile(r"updated \d s ago"), timeout=GUARD_MS)
    assert other.complaints == []
