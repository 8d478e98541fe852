"""Real pages in a real Chromium."""

import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page

from livepairs.frontend import build
from tests.browser.chromium import chromium
from tests.browser.mailbox import Mailbox
from tests.browser.pair_data import LivePair, make_market, make_user
from tests.browser.site import Site, free_port, wait_until_quiet
from tests.browser.visit import Visit


@pytest.fixture(scope="session")
def static_files() -> None:
    """Built and collected once: the workers of a run share the folder, and their web processes serve from it."""
    build()
    done = Path(settings.HOME) / "collected"
    with (Path(settings.HOME) / "collecting").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            call_command("collectstatic", interactive=False, verbosity=0)
            done.touch()


@pytest.fixture(scope="session")
def shared_site(static_files: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    site = Site(free_port(), Path(settings.HOME) / "daphne-test.log")
    with django_db_blocker.unblock():
        site.start()
    yield site
    site.kill()


@pytest.fixture
def quiet_end(transactional_db: None) -> Iterator[None]:
    """Pages are closed before the database is emptied under them."""
    yield
    Visit.close_all()
    wait_until_quiet()


@pytest.fixture
def site(quiet_end: None, shared_site: Site) -> Site:
    return shared_site


@pytest.fixture
def own_site(quiet_end: None, static_files: None) -> Iterator[Site]:
    """A web process that the test may kill."""
    site = Site(free_port(), Path(settings.HOME) / "daphne-own.log")
    site.start()
    yield site
    site.kill()


@pytest.fixture
def mailing_site(quiet_end: None, static_files: None, tmp_path: Path) -> Iterator[tuple[Site, Mailbox]]:
    """A web process that verifies addresses, and where its mails are."""
    more = {"LIVEPAIRS_EMAIL_VERIFICATION": "mandatory", "EMAIL_URL": f"file://{tmp_path}"}
    site = Site(free_port(), Path(settings.HOME) / "daphne-mailing.log", more)
    site.start()
    yield site, Mailbox(tmp_path)
    site.kill()


@pytest.fixture
def live(transactional_db: None) -> LivePair:
    """Alice's pair, recorded until now."""
    y, x, *_ = make_market()
    return LivePair.make(make_user(), y, x)


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's synchronous face runs a loop in this thread; the tests' own queries are not inside it
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with chromium() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser) -> Iterator[type[Visit]]:
    Visit.browser = browser
    yield Visit
    Visit.close_all()


@pytest.fixture
def page(visit: type[Visit], site: Site) -> Page:
    return visit.to(site).page
