"""What a person does with the charts of a pair, and what they show."""

import re
from datetime import UTC, datetime
from urllib.parse import parse_qs

from playwright.sync_api import Locator, Page, expect

from analytics.models import Snapshot
from tests.browser.opened import GUARD_MS
from tests.browser.pair_data import LivePair
from tests.browser.visit import Visit
from tests.waiting import wait_until

MINUS = "\u2212"
#: the page writes its view into the address this late (static/js/view/view_state.js)
WRITE_AFTER_MS = 300


class Charts:
    """The charts of an opened page. Positions are shares of the width where a chart draws."""

    def __init__(self, here: Visit) -> None:
        self.here = here
        self.page: Page = here.page

    def panel(self, key: str) -> Locator:
        return self.page.locator(f"[data-panel={key}]")

    def chart(self, key: str) -> Locator:
        return self.panel(key).locator(".chart")

    def drawn(self, key: str) -> Locator:
        """The canvas of a chart, brought into sight and painted."""
        canvas = self.page.locator(f"#chart-{key}")
        canvas.scroll_into_view_if_needed()
        expect(self.page.locator(f"#chart-{key}[data-last]")).to_have_count(1, timeout=GUARD_MS)
        return canvas

    def at(self, key: str, share: float) -> tuple[float, float]:
        self.drawn(key)
        box = self.chart(key).locator(".plot").bounding_box()
        assert box is not None
        return box["x"] + box["width"] * share, box["y"] + box["height"] * 0.4

    def point(self, key: str, share: float) -> None:
        self.page.mouse.move(*self.at(key, share))

    def zoom(self, key: str, share: float, notches: int = 3) -> None:
        """Ctrl and the wheel; negative notches zoom out."""
        self.point(key, share)
        self.page.keyboard.down("Control")
        for _ in range(abs(notches)):
            self.page.mouse.wheel(0, -100 if notches > 0 else 100)
        self.page.keyboard.up("Control")

    def reading(self, name: str) -> str:
        return self.page.locator(f"[data-reading={name}]").inner_text()

    @property
    def readout(self) -> Locator:
        return self.page.locator("#readout")

    @property
    def range_words(self) -> str:
        return self.page.locator("[data-range-words]").inner_text()

    def query(self, *names: str) -> dict[str, str]:
        """Parameters of the address, without what is not asked for."""
        # `page.url` alone hears no news: it is told with the answer of the next call
        found = parse_qs(self.page.evaluate("location.search").removeprefix("?"))
        return {name: found[name][0] for name in names if name in found}

    def fixed_range(self) -> tuple[int, int]:
        """Both ends in epoch ms as the address has them, once it has; it follows a moving range with a short delay."""
        wait_until(lambda: len(self.query("from", "to")) == 2, what="a fixed range in the address")
        wait_until(self._is_address_at_rest, what="a range at rest")
        query = self.query("from", "to")
        return _ms(query["from"]), _ms(query["to"])

    def _is_address_at_rest(self) -> bool:
        before = self.query("from", "to")
        self.page.wait_for_timeout(2 * WRITE_AFTER_MS)
        return self.query("from", "to") == before

    def expect_following(self) -> None:
        wait_until(lambda: not self.query("from", "to"), what="a range that follows")

    def act(self, key: str, label: str) -> None:
        """An entry of a panel's menu."""
        self.panel(key).locator("[popovertarget]").click()
        self.panel(key).get_by_role("button", name=label).click()

    def shown_time(self) -> datetime:
        """The time of the read-out, which is of a stored bar."""
        return datetime.strptime(self.reading("time"), "%d %b %Y, %H:%M:%S").replace(tzinfo=UTC)


def stored(live: LivePair, at: datetime) -> Snapshot:
    return Snapshot.objects.get(spec=live.spec, opened_at=at)


def text(value: float | None, decimals: int, *, sign: bool = False) -> str:
    """A number as the page writes it."""
    if value is None:
        return "–"
    plain = f"{abs(value):,.{decimals}f}"
    is_zero = not re.search(r"[1-9]", plain)
    if value < 0 and not is_zero:
        return MINUS + plain
    return f"+{plain}" if sign and not is_zero else plain


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1_000)
