"""Each page in both themes and two widths: as approved, accessible, no wider than the screen, quiet, and still."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from accounts.models import ApiToken, User
from accounts.tokens.use import make_token
from tests.browser.approved import expect_approved
from tests.browser.opened import GUARD_MS
from tests.browser.pair_data import LivePair, make_market, make_user
from tests.browser.site import Site
from tests.browser.visit import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LOOKS = [(theme, width) for theme in ("light", "dark") for width in (1280, 360)]
#: where the record of the pictures ends, so that they are the same on every day
NOW_MS = round(datetime(2026, 1, 15, 12, tzinfo=UTC).timestamp() * 1_000)
MOST_SHIFT = 0.02
#: parts of a page that tell how long ago something was, or the port of the test
AGES = (
    "[data-moment], "
    "[data-age], [data-refreshed], [data-note], [data-extra], [data-watch-age], [data-feed-delay], .site-footer,"
    " .readout, .snippets pre"
)


@dataclass(frozen=True)
class Scene:
    """What there is: a market, and alice with a pair whose record has ended."""

    live: LivePair
    token: int

    @classmethod
    def make(cls) -> "Scene":
        y, x, *_ = make_market()
        live = LivePair.make(make_user(is_staff=True), y, x, now_ms=NOW_MS)
        return cls(live, _tokens(live.user))

    @property
    def pair(self) -> str:
        """The pair's page on just the record."""
        query = {"from": self.live.first_open_ms, "to": NOW_MS}
        return f"/pairs/{self.live.spec.y.symbol}~{self.live.spec.x.symbol}/?{urlencode(query)}"


def _tokens(user: User) -> int:
    """A used one and one that has ended, with the same dates on every day."""
    now = datetime.fromtimestamp(NOW_MS / 1_000, UTC)
    far = now.replace(year=2099)
    rows = [
        ("notebook", ["read", "export"], far, now),
        ("old laptop", ["read"], now, None),
    ]
    for name, scopes, ends, used in rows:
        token = make_token(user, name, scopes, 90).token
        where = "203.0.113.7" if used else None
        ApiToken.objects.filter(pk=token.pk).update(
            hint="lp_Ab3d", created_at=now, expires_at=ends, last_used_at=used, last_used_from=where
        )
    return token.pk


def at(path: str) -> Callable[[Scene], str]:
    return lambda scene: path


def of_pair(tab: str = "") -> Callable[[Scene], str]:
    return lambda scene: scene.pair.replace("/?", f"/{tab}?", 1)


VISITORS = {
    "home": "/",
    "login": "/accounts/login/",
    "signup": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
}
MEMBERS: dict[str, Callable[[Scene], str]] = {
    "dashboard": lambda scene: f"/dashboard/?{scene.pair.partition('?')[2]}",
    "pair": of_pair(),
    "history": of_pair("history/"),
    "cointegration": of_pair("cointegration/"),
    "notes": of_pair("notes/"),
    "health": at("/health/"),
    "settings": at("/settings/"),
    "search": at("/search/?q=aaa"),
    "notices": at("/notices/"),
    "styleguide": at("/styleguide/"),
    "method": at("/method/"),
    "tokens": at("/settings/tokens/"),
    "token_revoke": lambda scene: f"/settings/tokens/{scene.token}/revoke/",
    "api_reference": at("/api/v1/docs"),
    "password": at("/accounts/password/change/"),
    "logins": at("/settings/logins/"),
    "second": at("/accounts/2fa/"),
    "share": of_pair("share/"),
    "shared": at("/shared/"),
    "staff-users": at("/staff/"),
    "staff-user": lambda scene: f"/staff/users/{scene.live.user.pk}/",
    "staff-symbols": at("/staff/symbols/"),
    "staff-symbol": lambda scene: f"/staff/symbols/{scene.live.spec.y_id}/",
    "staff-feed": at("/staff/feed/"),
    "staff-announcements": at("/staff/announcements/"),
    "staff-audit": at("/staff/audit/?since=2099-01-01"),
}


def look(here: Visit, name: str, width: int) -> None:
    """All that holds for a page at rest."""
    assert here.axe() == [], name
    assert here.width_of_content() <= width, name
    assert here.layout_shift() <= MOST_SHIFT, (name, here.page.evaluate("window.moved"))
    assert here.complaints == [], name


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_for_everybody(visit: type[Visit], site: Site, theme: str, width: int) -> None:
    make_market()
    here = visit.to(site, theme=theme, width=width)
    for name, path in VISITORS.items():
        here.go(path)
        expect_approved(here.page, f"{name}-{theme}-{width}", mask=[here.page.locator(AGES)])
        look(here, name, width)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_pages_of_members(visit: type[Visit], site: Site, theme: str, width: int) -> None:
    scene = Scene.make()
    here = visit.to(site, user=scene.live.user, theme=theme, width=width)
    # No frame comes, so nothing moves
    here.page.route_web_socket("**/ws/live/", lambda socket: None)
    for name, path in MEMBERS.items():
        here.go(path(scene))
        if name in ("dashboard", "pair"):
            expect(here.page.locator("[data-card=beta] [data-value]")).to_have_text("1.1000", timeout=GUARD_MS)
        expect_approved(here.page, f"{name}-{theme}-{width}", mask=[here.page.locator(AGES)])
        look(here, name, width)


@pytest.mark.parametrize(("theme", "width"), LOOKS)
def test_an_empty_list_leads_on(visit: type[Visit], site: Site, theme: str, width: int) -> None:
    make_market()
    here = visit.to(site, user=make_user(), theme=theme, width=width).go("/dashboard/")
    expect(here.page.get_by_role("button", name="AAAUSDT on BBBUSDT")).to_be_visible()
    expect_approved(here.page, f"empty-{theme}-{width}", mask=[here.page.locator(AGES)])
    look(here, "empty", width)
