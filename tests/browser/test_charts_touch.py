"""Charts under fingers, on a phone."""

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.charts import Charts
from tests.browser.opened import opened
from tests.browser.pair_data import LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

Point = tuple[float, float]


class Fingers:
    """Touches as the browser gets them from a screen."""

    def __init__(self, charts: Charts) -> None:
        self.charts = charts
        self._cdp: CDPSession = charts.page.context.new_cdp_session(charts.page)
        self._cdp.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def put(self, *points: Point) -> None:
        self._send("touchStart", points)

    def move(self, *points: Point) -> None:
        self._send("touchMove", points)

    def lift(self) -> None:
        self._send("touchEnd", ())

    def _send(self, kind: str, points: tuple[Point, ...]) -> None:
        touches = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(points)]
        self._cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


@pytest.fixture
def charts(visit: type[Visit], site: Site, live: LivePair) -> Charts:
    charts = Charts(opened(visit, site, live, width=360, height=780))
    charts.drawn("prices")
    return charts


@pytest.fixture
def fingers(charts: Charts) -> Fingers:
    return Fingers(charts)


def test_one_finger_sideways_pans(charts: Charts, fingers: Fingers) -> None:
    x, y = charts.at("prices", 0.3)
    fingers.put((x, y))
    for way in range(10, 130, 10):
        fingers.move((x + way, y))
    fingers.lift()
    _, stop = charts.fixed_range()
    assert stop < int(charts.page.locator("#chart-prices").get_attribute("data-last") or 0)
    assert charts.here.complaints == []


def test_one_finger_up_scrolls_the_page(charts: Charts, fingers: Fingers) -> None:
    x, y = charts.at("prices", 0.5)
    top = charts.page.evaluate("scrollY")
    fingers.put((x, y))
    for way in range(10, 130, 10):
        fingers.move((x, y - way))
    fingers.lift()
    wait_until(lambda: charts.page.evaluate("scrollY") > top, what="a page that scrolled")
    assert charts.query("from") == {}


def test_two_fingers_zoom(charts: Charts, fingers: Fingers) -> None:
    x, y = charts.at("prices", 0.5)
    fingers.put((x - 20, y), (x + 20, y))
    for way in range(5, 65, 5):
        fingers.move((x - 20 - way, y), (x + 20 + way, y))
    fingers.lift()
    start, stop = charts.fixed_range()
    assert 100_000 < stop - start < 400_000


def test_a_finger_that_stays_shows_the_crosshair(charts: Charts, fingers: Fingers) -> None:
    x, y = charts.at("prices", 0.6)
    fingers.put((x, y))
    expect(charts.readout).to_have_attribute("data-mode", "hover")
    first = charts.shown_time()
    fingers.move((x - 60, y))
    wait_until(lambda: charts.shown_time() < first, what="an earlier bar")
    fingers.lift()
    expect(charts.readout).to_have_attribute("data-mode", "locked")
    assert charts.query("from") == {}


def test_later_panels_are_closed_until_they_are_opened_and_stay_so(charts: Charts) -> None:
    expect(charts.chart("candles")).to_be_hidden()
    charts.panel("candles").get_by_role("button", name="open or close").click()
    charts.drawn("candles")
    charts.page.reload()
    charts.drawn("candles")
    expect(charts.chart("spread")).to_be_hidden()
    assert charts.here.width_of_content() <= 360
    # What the read-out row covers now is no target
    charts.page.evaluate("scrollTo(0, 0)")
    assert charts.here.axe() == []
