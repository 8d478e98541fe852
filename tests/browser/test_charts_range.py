"""The range of the charts: only the reader moves it, by wheel, drag, keys and buttons, and the address holds it."""

import re

import pytest
from playwright.sync_api import expect

from analytics.models import Snapshot
from tests.browser.charts import Charts, stored, text
from tests.browser.opened import GUARD_MS, opened
from tests.browser.pair_data import STEP_MS, LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def charts(visit: type[Visit], site: Site, live: LivePair) -> Charts:
    charts = Charts(opened(visit, site, live))
    charts.drawn("zscore")
    return charts


def test_live_data_keep_the_zoom(charts: Charts, live: LivePair) -> None:
    charts.zoom("zscore", 0.4)
    chosen, words = charts.fixed_range(), charts.range_words
    for seq in (2, 3):
        opened_ms = live.publish_bar(seq)
        expect(charts.page.locator("#chart-zscore")).to_have_attribute("data-last", str(opened_ms), timeout=GUARD_MS)
    wait_until(lambda: charts.range_words == words, what="the same range")
    assert charts.fixed_range() == chosen
    back = charts.page.get_by_role("button", name=re.compile("Back to live"))
    expect(back).to_contain_text(re.compile(r"[12] new"))
    back.click()
    charts.expect_following()
    expect(back).to_be_hidden()
    assert charts.here.complaints == []


def test_zoom_keeps_the_time_under_the_pointer(charts: Charts) -> None:
    charts.point("zscore", 0.4)
    before = charts.shown_time()
    charts.zoom("zscore", 0.4)
    charts.fixed_range()
    charts.point("zscore", 0.4)
    assert abs((charts.shown_time() - before).total_seconds()) <= 3


def test_wheel_alone_scrolls_the_page_until_the_chart_has_the_focus(charts: Charts) -> None:
    charts.point("zscore", 0.4)
    words, top = charts.range_words, charts.page.evaluate("scrollY")
    charts.page.mouse.wheel(0, 120)
    wait_until(lambda: charts.page.evaluate("scrollY") > top, what="a page that scrolled")
    assert not charts.query("from")
    charts.chart("zscore").focus()
    charts.point("zscore", 0.4)
    charts.page.mouse.wheel(0, -100)
    charts.fixed_range()
    assert charts.range_words != words


def test_drag_pans_and_double_click_resets(charts: Charts) -> None:
    x, y = charts.at("zscore", 0.3)
    charts.page.mouse.move(x, y)
    charts.page.mouse.down()
    charts.page.mouse.move(x + 120, y, steps=6)
    charts.page.mouse.up()
    start, stop = charts.fixed_range()
    assert stop < live_edge(charts)
    charts.page.mouse.dblclick(x, y)
    charts.expect_following()
    assert start < stop


def live_edge(charts: Charts) -> int:
    return int(charts.page.locator("#chart-zscore").get_attribute("data-last") or 0)


def test_shift_drag_shows_just_that_stretch(charts: Charts) -> None:
    charts.point("zscore", 0.25)
    first = charts.shown_time()
    charts.point("zscore", 0.4)
    last = charts.shown_time()
    (x0, y), (x1, _) = charts.at("zscore", 0.25), charts.at("zscore", 0.4)
    charts.page.mouse.move(x0, y)
    charts.page.keyboard.down("Shift")
    charts.page.mouse.down()
    charts.page.mouse.move(x1, y, steps=4)
    expect(charts.page.locator(".plot .selection:not([hidden])").first).to_be_visible()
    charts.page.mouse.up()
    charts.page.keyboard.up("Shift")
    start, stop = charts.fixed_range()
    assert abs(start - first.timestamp() * 1_000) <= 3 * STEP_MS
    assert abs(stop - last.timestamp() * 1_000) <= 3 * STEP_MS


def test_buttons_do_what_gestures_do(charts: Charts) -> None:
    page = charts.page
    page.get_by_role("button", name="15m", exact=True).click()
    wait_until(lambda: charts.query("range") == {"range": "15m"}, what="the range in the address")
    page.get_by_role("button", name="Zoom in").click()
    wait_until(lambda: charts.query("range") == {"range": "450s"}, what="half of it, still following")
    page.get_by_role("button", name="Earlier").click()
    start, stop = charts.fixed_range()
    assert abs(stop - start - 450_000) <= STEP_MS
    page.get_by_role("button", name="Follow live", exact=True).click()
    charts.expect_following()
    page.get_by_role("button", name="Follow live", exact=True).click()
    charts.fixed_range()


def test_a_view_in_the_address_is_the_view_of_the_page(charts: Charts) -> None:
    charts.zoom("zscore", 0.4)
    chosen = charts.fixed_range()
    words = charts.range_words
    charts.page.reload()
    charts.drawn("zscore")
    wait_until(lambda: charts.range_words == words, what="the same range")
    assert charts.fixed_range() == chosen


def test_paused_charts_hold_still_and_count(charts: Charts, live: LivePair) -> None:
    page = charts.page
    page.locator("h1").click()
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause the charts")).to_have_attribute("aria-pressed", "true")
    words = charts.range_words
    live.publish_bar(2)
    expect(page.locator("[data-new]")).to_have_text("paused, 1 new", timeout=GUARD_MS)
    assert charts.range_words == words
    page.get_by_role("button", name=re.compile("Back to live")).click()
    expect(page.get_by_role("button", name="Pause the charts")).to_have_attribute("aria-pressed", "false")


def store_older(live: LivePair, seconds: int) -> None:
    """Rows before the record, more than the page's buffer holds: y counts them, the newest is 1."""
    template = Snapshot.objects.filter(spec=live.spec).order_by("-opened_at")[0]
    first = Snapshot.objects.filter(spec=live.spec).order_by("opened_at")[0].opened_at
    fields = {
        field.name: getattr(template, field.name) for field in Snapshot._meta.fields if field.name not in {"pk", "spec"}
    }
    step = Snapshot.objects.filter(spec=live.spec).order_by("opened_at")[1].opened_at - first
    Snapshot.objects.bulk_create(
        Snapshot(spec=live.spec, **fields | {"opened_at": first - step * back, "price_y": 1_000.0 + back})
        for back in range(1, seconds + 1)
    )


def test_older_data_are_fetched_as_the_range_reaches_back(visit: type[Visit], site: Site, live: LivePair) -> None:
    store_older(live, 7_200)
    here = opened(visit, site, live)
    charts = Charts(here)
    charts.drawn("prices")
    with here.page.expect_request(re.compile(r"/api/v1/series/spec\.\d+\?.*pixels=")):
        here.page.get_by_role("button", name="6h", exact=True).click()
    expect(here.page.locator("[data-history]")).to_contain_text("No data before", timeout=GUARD_MS)
    # The extremes of what the picture shows are in its description
    expect(here.page.locator("#chart-prices")).to_have_attribute(
        "aria-label", re.compile(r"AAAUSDT .*minimum 1,001\.0"), timeout=GUARD_MS
    )


def test_the_read_out_of_a_thinned_stretch_is_a_row_of_the_record(
    visit: type[Visit], site: Site, live: LivePair
) -> None:
    store_older(live, 7_200)
    here = opened(visit, site, live)
    charts = Charts(here)
    charts.drawn("prices")
    here.page.get_by_role("button", name="6h", exact=True).click()
    expect(here.page.locator("[data-history]")).to_contain_text("No data before", timeout=GUARD_MS)
    charts.point("prices", 0.8)
    # Exact as soon as the row itself is there
    expect(here.page.locator("[data-reading=note]")).to_have_text("", timeout=GUARD_MS)
    row = stored(live, charts.shown_time())
    assert (charts.reading("y"), charts.reading("z")) == (text(row.price_y, 1), text(row.zscore, 2, sign=True))
    assert here.complaints == []


def test_zooming_in_fetches_finer_data_and_going_back_does_not_ask_again(
    visit: type[Visit], site: Site, live: LivePair
) -> None:
    store_older(live, 7_200)
    here = opened(visit, site, live)
    charts = Charts(here)
    charts.drawn("prices")
    here.page.get_by_role("button", name="6h", exact=True).click()
    expect(here.page.locator("[data-history]")).to_contain_text("No data before", timeout=GUARD_MS)
    with here.page.expect_request(re.compile(r"/series/spec\.")):
        charts.zoom("prices", 0.75, notches=16)
    expect(here.page.locator("[data-history]")).to_have_text("", timeout=GUARD_MS)
    asked: list[str] = []
    here.page.on("request", lambda request: asked.append(request.url) if "pixels=" in request.url else None)
    charts.zoom("prices", 0.75, notches=-3)
    charts.zoom("prices", 0.75, notches=3)
    charts.fixed_range()
    expect(here.page.locator("[data-history]")).to_have_text("", timeout=GUARD_MS)
    assert asked == []
