"""What a person sees while the installation behind the page is killed, silenced and paused."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from livepairs.frontend import build
from tests.browser.chromium import chromium
from tests.browser.screen import GUARD, GUARD_MS, Screen
from tests.browser.visit import Visit
from tests.stack import ExchangeControls, Stack, free_port, running_stack
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.acceptance, pytest.mark.xdist_group("whole-product")]


@pytest.fixture(scope="module")
def exchange() -> ExchangeControls:
    """The simulated market that the installation starts for itself."""
    return ExchangeControls(free_port())


@pytest.fixture(scope="module")
def stack(exchange: ExchangeControls) -> Iterator[Stack]:
    build()
    with running_stack(
        LIVEPAIRS_FEED="simulated",
        LIVEPAIRS_SIMULATOR_PORT=str(exchange.port),
        LIVEPAIRS_SIMULATOR_RATE="200",
        LIVEPAIRS_WARMUP_MINUTES="10",
    ) as stack:
        yield stack


@pytest.fixture(scope="module")
def visit(stack: Stack) -> Iterator[type[Visit]]:
    with chromium() as browser:
        Visit.browser = browser
        yield Visit
        Visit.close_all()


@pytest.fixture(scope="module")
def opened(visit: type[Visit], stack: Stack) -> Screen:
    """From the front page to a suggested pair in small windows, by clicks alone."""
    screen = Screen(visit.to(stack), stack)
    screen.sign_up("alice")
    screen.take_suggestion()
    screen.choose_small_windows()
    return screen


@pytest.fixture
def alice(opened: Screen) -> Iterator[Screen]:
    """Alice's open page, live. Nothing that is done behind it may make it reload or complain."""
    opened.expect_live()
    opened.forget_words()
    yield opened
    assert opened.has_never_reloaded()
    assert opened.complaints == []


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
