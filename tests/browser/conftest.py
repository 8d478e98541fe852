"""Real pages in a real Chromium."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from livepairs.frontend import build
from tests.browser.site import Site, free_port
from tests.browser.visit import Visit

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]


@pytest.fixture(scope="session")
def static_files() -> None:
    build()
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def shared_site(static_files: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    site = Site(free_port(), Path(settings.HOME) / "daphne-test.log")
    with django_db_blocker.unblock():
        site.start()
    yield site
    site.kill()


@pytest.fixture
def site(transactional_db: None, shared_site: Site) -> Site:
    return shared_site


@pytest.fixture
def own_site(transactional_db: None, static_files: None) -> Iterator[Site]:
    """A web process that the test may kill."""
    site = Site(free_port(), Path(settings.HOME) / "daphne-own.log")
    site.start()
    yield site
    site.kill()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright's synchronous face runs a loop in this thread; the tests' own queries are not inside it
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    chromium = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.fail("No Chromium found. On Debian: apt-get install chromium; else set CHROME_PATH to its executable.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[type[Visit]]:
    Visit.browser = browser
    yield Visit
    Visit.close_all()


@pytest.fixture
def page(visit: type[Visit], site: Site) -> Page:
    return visit.to(site).page
