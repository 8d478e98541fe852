"""A whole running installation with the simulated market, and a person who has come to a live pair by clicks alone.

One for all of them: it takes a minute to start.
"""

from collections.abc import Iterator

import pytest

from livepairs.frontend import build
from tests.browser.chromium import chromium
from tests.browser.screen import Screen
from tests.browser.visit import Visit
from tests.stack import ExchangeControls, Stack, free_port, running_stack


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
    """From the front page to a suggested pair in small windows."""
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
