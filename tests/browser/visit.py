"""One visitor's browser: remembers everything the page complained about."""

import json
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page

from accounts.models import User

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(settings.BASE_DIR) / "var" / "screenshots"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
window.shifts = [];
window.moved = [];
new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
        if (hadRecentInput) continue;
        window.shifts.push(value);
        window.moved.push([value, ...sources.map(({ node }) => node?.className || node?.nodeName)].join(" "));
    }
}).observe({ type: "layout-shift", buffered: true });
"""


class Place(Protocol):
    """Where the pages are: a single web process, or a whole installation."""

    @property
    def url(self) -> str: ...


class Visit:
    """A page with its own cookies. `complaints` holds console messages, page errors and policy violations."""

    browser: ClassVar[Browser]
    _open: ClassVar[list["Visit"]] = []

    def __init__(self, page: Page, site: Place) -> None:
        self.page = page
        self.site = site
        self._said: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._said.append(str(error)))

    @classmethod
    def to(
        cls,
        site: Place,
        *,
        user: User | None = None,
        width: int = 1280,
        height: int = 900,
        theme: str = "light",
        scripts: bool = True,
    ) -> Self:
        context = cls.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
            java_script_enabled=scripts,
        )
        context.add_init_script(LISTEN)
        if user:
            client = Client()
            client.force_login(user)
            context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}])
        visit = cls(context.new_page(), site)
        cls._open.append(visit)
        return visit

    def go(self, path: str) -> Self:
        self.page.goto(f"{self.site.url}{path}")
        return self

    @property
    def complaints(self) -> list[str]:
        violations: list[str] = self.page.evaluate("window.violations")
        return [*self._said, *violations]

    def forget_complaints(self) -> None:
        self._said.clear()

    def axe(self) -> list[str]:
        """What the accessibility check finds, one line each."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})")
        return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found["violations"]]

    def width_of_content(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def layout_shift(self) -> float:
        """Cumulative layout shift of the page so far; what the visitor's own input moves does not count."""
        return float(self.page.evaluate("window.shifts.reduce((sum, shift) => sum + shift, 0)"))

    def picture(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=True, animations="disabled")

    def _hear(self, message: ConsoleMessage) -> None:
        self._said.append(f"{message.type}: {message.text}")

    @classmethod
    def close_all(cls) -> None:
        visits, cls._open = cls._open, []
        for visit in visits:
            visit.page.context.close()
