"""One person's dashboard in a browser, on a whole running installation."""

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit
from tests.stack import Stack
from tests.waiting import wait_until

PASSWORD = "correct horse battery staple"
WINDOWS = {"Hedge window": 120, "z window": 60, "Correlation window": 60}
CHARTS = ("prices", "zscore", "spread", "correlation")
STEP_MS = 1_000
#: end a hang; no time limits
GUARD = 120.0
GUARD_MS = 120_000

# Playwright's `wait_for_function` needs eval, which the site's policy refuses; importing our own file is allowed
_KNOWN = """async () => {
    const { store } = await import(document.querySelector("script[src*='/dashboard']").src);
    const { seq, t, y, x, spread, z, corr, beta, alpha } = store;
    return { seq, t, y, x, spread, z, corr, beta, alpha };
}"""
_TWIN = """async () => {
    const { store } = await import(document.querySelector("script[src*='/dashboard']").src);
    const answer = await fetch(`/api/v1/topics/spec.${store.spec.id}?points=5000`, { cache: "no-store" });
    return (await answer.json()).data.points;
}"""
# Each word the pill has shown, however shortly
_WATCH = """() => {
    window.said = [];
    const pill = document.querySelector("[data-pill-word]");
    const observer = new MutationObserver(() => window.said.push(pill.textContent));
    observer.observe(pill, { childList: true, characterData: true, subtree: true });
}"""
# What the browser itself says while a server is down, or refuses what it should refuse
_NETWORK = re.compile(r"Failed to load resource|WebSocket connection to .* failed")

Points = dict[int, dict[str, float | None]]


class Screen:
    """What the person sees and what the page knows."""

    def __init__(self, visit: Visit, stack: Stack) -> None:
        self.visit = visit
        self.stack = stack

    @property
    def page(self) -> Page:
        return self.visit.page

    def sign_up(self, name: str) -> None:
        page = self.visit.go("/").page
        page.get_by_role("link", name="Sign up").click()
        page.get_by_label("Email").fill(f"{name}@example.org")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password (again)").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("button", name="Account", exact=True)).to_be_visible(timeout=GUARD_MS)

    def take_suggestion(self) -> None:
        page = self.page
        suggestion = page.locator(".suggestions button").first
        # The exchange's symbols may come a moment after the pages
        wait_until(lambda: suggestion.count() or page.reload() is None, guard=GUARD, what="a suggested pair")
        suggestion.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("on")

    def choose_small_windows(self) -> None:
        page = self.page
        page.locator("details:has(#settings) > summary").click()
        page.get_by_label("Timeframe").select_option("1s")
        for label, bars in WINDOWS.items():
            page.get_by_label(label).fill(str(bars))
        page.get_by_role("button", name="Apply").click()
        expect(page.get_by_text(f"windows {' / '.join(map(str, WINDOWS.values()))} bars")).to_be_visible()
        page.evaluate(_WATCH)

    def has_never_reloaded(self) -> bool:
        return bool(self.page.evaluate("Array.isArray(window.said)"))

    def card(self, name: str) -> str:
        return self.page.locator(f"[data-card={name}] [data-value]").inner_text()

    def newest_drawn(self, chart: str) -> int:
        """Open time of the newest bar in a chart; it is brought into sight, as others are not painted."""
        canvas = self.page.locator(f"#chart-{chart}")
        canvas.scroll_into_view_if_needed()
        return int(canvas.get_attribute("data-last") or 0)

    def forget_words(self) -> None:
        self.page.evaluate("window.said.length = 0")

    def expect_word(self, word: str) -> None:
        """The pill shows it, or has shown it since `forget_words`."""
        wait_until(
            lambda: any(word in said for said in self.page.evaluate("window.said")), guard=GUARD, what=f"pill {word}"
        )

    def expect_live(self, *, after_ms: int = 0) -> None:
        """The pill says so, the z-score is known, and each chart shows a bar that opened after that time."""
        for chart in CHARTS:
            wait_until(lambda key=chart: self.newest_drawn(key) > after_ms, guard=GUARD, what=f"a newer bar in {chart}")  # type: ignore[misc]
        expect(self.page.locator("[data-card=z] [data-value]")).not_to_have_text("–", timeout=GUARD_MS)
        expect(self.page.locator("#pill")).to_have_attribute("data-state", "live", timeout=GUARD_MS)

    def known(self) -> Points:
        """What the page knows of its pair."""
        return _points(self.page.evaluate(_KNOWN))

    def expect_complete(self) -> None:
        """No slot misses in what the page knows, and all of it is what a page loaded now would show."""
        wait_until(self._is_as_fresh, guard=GUARD, what="the page knows what the server knows")

    def _is_as_fresh(self) -> bool:
        known, true = _points(self.page.evaluate(_KNOWN)), _points(self.page.evaluate(_TWIN))
        end = min(max(known), max(true))
        shown = {t: point for t, point in known.items() if t <= end}
        slots = sorted(shown)
        assert slots == list(range(slots[0], slots[-1] + 1, STEP_MS)), "a slot misses in the page"
        return bool(shown == {t: point for t, point in true.items() if slots[0] <= t <= end})

    @property
    def complaints(self) -> list[str]:
        """What is no mere report of the browser that a server is away."""
        return [text for text in self.visit.complaints if not _NETWORK.search(text)]


def _points(columns: dict[str, Any]) -> Points:
    names = ("y", "x", "spread", "z", "corr", "beta", "alpha")
    return {t: {name: columns[name][row] for name in names} for row, t in enumerate(columns["t"])}
