"""One crosshair over all charts, one row of figures, what a chart says to a screen reader, what leaves the page."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, expect

from analytics.models import Snapshot
from market.models import Tick
from market.partitions import DAY_MS, ensure_day
from tests.browser.charts import Charts, stored, text
from tests.browser.opened import GUARD_MS, opened
from tests.browser.pair_data import HOLE, STEP_MS, LivePair
from tests.browser.site import Site
from tests.browser.visit import Visit
from tests.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TIME_PANELS = ("prices", "zscore", "spread", "correlation", "candles")


@pytest.fixture
def charts(visit: type[Visit], site: Site, live: LivePair) -> Charts:
    """All charts fit on this screen."""
    charts = Charts(opened(visit, site, live, height=2_400))
    for key in TIME_PANELS:
        charts.drawn(key)
    return charts


def test_one_crosshair_on_all_charts_with_the_figures_of_its_row(charts: Charts, live: LivePair) -> None:
    charts.point("zscore", 0.7)
    for key in TIME_PANELS:
        expect(charts.panel(key).locator(".crosshair")).to_be_visible()
    expect(charts.page.locator(".crosslevel:not([hidden])")).to_have_count(1)
    row = stored(live, charts.shown_time())
    shown = [charts.reading(name) for name in ("y", "x", "spread", "z", "corr")]
    assert shown == [
        text(row.price_y, 1),
        text(row.price_x, 2),
        text(row.spread, 6, sign=True),
        text(row.zscore, 2, sign=True),
        text(row.correlation, 2, sign=True),
    ]
    assert charts.reading("c") == text(row.price_y, 1)
    assert charts.here.complaints == []


def test_without_a_crosshair_the_row_is_that_of_the_newest_bar(charts: Charts, live: LivePair) -> None:
    expect(charts.readout).to_have_attribute("data-mode", "latest")
    opened_ms = live.publish_bar(2, z=-2.75)
    expect(charts.page.locator("[data-reading=z]")).to_have_text("−2.75", timeout=GUARD_MS)
    assert charts.shown_time().timestamp() * 1_000 == opened_ms


def test_a_click_locks_the_crosshair_and_escape_frees_it(charts: Charts) -> None:
    charts.point("spread", 0.5)
    time = charts.reading("time")
    charts.page.mouse.down()
    charts.page.mouse.up()
    expect(charts.readout).to_have_attribute("data-mode", "locked")
    charts.point("zscore", 0.2)
    assert charts.reading("time") == time
    charts.page.keyboard.press("Escape")
    expect(charts.readout).to_have_attribute("data-mode", "latest")
    charts.point("zscore", 0.2)
    charts.page.keyboard.press("x")
    expect(charts.page.get_by_role("button", name="Lock the crosshair")).to_have_attribute("aria-pressed", "true")


def test_keys_walk_from_bar_to_bar_and_are_announced(charts: Charts, live: LivePair) -> None:
    speech = charts.page.locator("#readout-speech")
    charts.chart("zscore").focus()
    assert speech.inner_text() == ""
    charts.page.keyboard.press("ArrowLeft")
    first = charts.shown_time()
    charts.page.keyboard.press("ArrowLeft")
    assert first - charts.shown_time() == timedelta(milliseconds=STEP_MS)
    charts.page.keyboard.press("Shift+ArrowLeft")
    assert first - charts.shown_time() == timedelta(milliseconds=11 * STEP_MS)
    row = stored(live, charts.shown_time())
    expect(speech).to_contain_text(f"z {text(row.zscore, 2, sign=True)}")
    charts.page.keyboard.press("End")
    assert charts.shown_time().timestamp() * 1_000 == live.last_open_ms
    charts.page.keyboard.press("+")
    wait_until(lambda: bool(charts.query("range", "from")), what="a zoomed range")
    charts.page.keyboard.press("Escape")
    expect(charts.readout).to_have_attribute("data-mode", "latest")


def test_a_gap_is_open_and_says_from_when_to_when(charts: Charts, live: LivePair) -> None:
    start = live.first_open_ms + HOLE.start * STEP_MS
    charts.point("spread", (HOLE.start + len(HOLE) / 2) / 900)
    expect(charts.panel("spread").locator(".chart-tip")).to_be_visible()
    ends = [datetime.fromtimestamp(ms / 1_000, UTC) for ms in (start, start + len(HOLE) * STEP_MS)]
    words = f"no data {ends[0]:%H:%M:%S}–{ends[1]:%H:%M:%S} (40 s)"
    expect(charts.page.locator("[data-reading=note]")).to_have_text(words)
    assert charts.reading("spread") == "–"
    # No pixel of the line in the middle of the hole
    x, _ = charts.at("spread", (HOLE.start + len(HOLE) / 2) / 900)
    assert not _has_ink(charts, "spread", x)
    assert _has_ink(charts, "spread", charts.at("spread", 0.7)[0])


def _has_ink(charts: Charts, key: str, x: float) -> bool:
    """Whether a column of pixels has the colour of the line."""
    canvas = charts.page.locator(f"#chart-{key}")
    found: bool = canvas.evaluate(
        """(canvas, x) => {
            const ratio = canvas.width / canvas.clientWidth;
            const left = Math.round((x - canvas.getBoundingClientRect().left) * ratio);
            const { data } = canvas.getContext("2d").getImageData(left, 0, 1, Math.floor(canvas.height * 0.85));
            for (let at = 0; at < data.length; at += 4) {
                if (data[at + 3] > 120 && data[at + 1] - data[at] > 60) return true;
            }
            return false;
        }""",
        x,
    )
    return found


def test_the_forming_bar_goes_on_from_the_closed_ones(charts: Charts, live: LivePair) -> None:
    charts.page.get_by_role("button", name="15m", exact=True).click()

    numbers = count(11)

    def is_shown() -> bool:
        """Prices and bars grow old in seconds: they come again until the page has shown them."""
        number = next(numbers)
        live.publish_bar(number)
        live.publish_price(number, 38_609.22)
        live.publish_price(number, 2_400.0, leg=live.spec.x)
        charts.point("zscore", 0.999)
        charts.page.wait_for_timeout(300)
        return charts.reading("note") == "forming" and charts.reading("z") == "−1.50"

    wait_until(is_shown, what="the score of the forming bar under the crosshair")


def test_nothing_is_painted_out_of_sight(visit: type[Visit], site: Site, live: LivePair) -> None:
    here = opened(visit, site, live, height=700)
    charts = Charts(here)
    charts.drawn("prices")
    hidden = here.page.locator("#chart-candles")
    expect(hidden).not_to_have_attribute("data-last", re.compile("."))
    live.publish_bar(2)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("+2.75", timeout=GUARD_MS)
    expect(hidden).not_to_have_attribute("data-last", re.compile("."))
    charts.drawn("candles")
    before = here.page.locator("#chart-prices").get_attribute("data-last")
    seen = here.page.locator("#chart-candles")
    seen.evaluate("element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 300)")
    live.publish_bar(3, z=1.25)
    expect(here.page.locator("[data-card=z] [data-value]")).to_have_text("+1.25", timeout=GUARD_MS)
    assert here.page.locator("#chart-prices").get_attribute("data-last") == before


def test_a_chart_as_table_has_the_rows_of_the_record(charts: Charts, live: LivePair) -> None:
    charts.act("zscore", "Show as table")
    table = charts.panel("zscore").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["time", "z"])
    rows = list(Snapshot.objects.filter(spec=live.spec).order_by("-opened_at")[:3])
    for index, row in enumerate(rows):
        line = table.locator("tbody tr").nth(index)
        expect(line.locator("th")).to_have_text(f"{row.opened_at:%-d %b %Y, %H:%M:%S}")
        expect(line.locator("td")).to_have_text(text(row.zscore, 2, sign=True))
    newest = table.locator("tbody tr").first.inner_text()
    charts.panel("zscore").get_by_role("button", name="Older").click()
    wait_until(lambda: table.locator("tbody tr").first.inner_text() != newest, what="older rows")
    expect(charts.chart("zscore")).to_be_hidden()
    assert charts.here.axe() == []
    charts.act("zscore", "Show as chart")
    expect(charts.chart("zscore")).to_be_visible()


def test_a_file_has_every_row_of_the_range(charts: Charts, live: LivePair, tmp_path: Path) -> None:
    charts.zoom("prices", 0.6)
    start, stop = charts.fixed_range()
    download = _save(charts, "prices", "Save CSV", tmp_path)
    name, lines = download.suggested_filename, list(csv.reader(io.StringIO(Path(tmp_path / "file").read_text())))
    assert re.fullmatch(r"AAAUSDT-BBBUSDT-prices-1s-[\dTZ-]+\.csv", name)
    assert lines[0] == ["time (UTC)", "AAAUSDT", "BBBUSDT"]
    ends = [datetime.fromtimestamp(ms / 1_000, UTC) for ms in (start, stop)]
    rows = Snapshot.objects.filter(spec=live.spec, opened_at__range=ends).order_by("opened_at")
    assert [(datetime.fromisoformat(at), float(y), float(x)) for at, y, x in lines[1:]] == [
        (row.opened_at, row.price_y, row.price_x) for row in rows
    ]


def test_a_picture_is_twice_as_large_on_the_colour_of_the_theme(
    visit: type[Visit], site: Site, live: LivePair, tmp_path: Path
) -> None:
    charts = Charts(opened(visit, site, live, theme="dark"))
    box = charts.drawn("zscore").bounding_box()
    assert box is not None
    download = _save(charts, "zscore", "Save picture", tmp_path)
    assert download.suggested_filename.endswith(".png")
    with Image.open(tmp_path / "file") as picture:
        assert picture.width == round(box["width"] * 2)
        assert picture.height > box["height"] * 2
        assert picture.convert("RGB").getpixel((2, 2)) == (0x15, 0x1B, 0x23)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 20
    charts.drawn("zscore")
    assert charts.here.complaints == []


def _save(charts: Charts, key: str, label: str, folder: Path) -> Download:
    with charts.page.expect_download() as waiting:
        charts.act(key, label)
    waiting.value.save_as(folder / "file")
    return waiting.value


def test_values_and_links_are_copied(charts: Charts, live: LivePair) -> None:
    page = charts.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    charts.act("zscore", "Copy values")
    expect(page.get_by_text("Values copied.").first).to_be_visible()
    row = stored(live, charts.shown_time())
    assert f"z {text(row.zscore, 2, sign=True)}" in page.evaluate("navigator.clipboard.readText()")
    page.locator("h1").click()
    page.keyboard.press("c")
    page.get_by_role("button", name="Copy link that follows now").click()
    wait_until(lambda: "/pairs/AAAUSDT~BBBUSDT/" in page.evaluate("navigator.clipboard.readText()"), what="a link")
    assert "from=" not in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy link", exact=True).click()
    page.get_by_role("button", name="Copy link to this range").click()
    wait_until(lambda: "&from=20" in page.evaluate("navigator.clipboard.readText()"), what="a link to the range")


def test_panels_are_hidden_and_moved_and_the_address_keeps_it(charts: Charts) -> None:
    page = charts.page
    charts.act("spread", "Hide")
    expect(charts.panel("spread")).to_be_hidden()
    charts.act("prices", "Move after")
    wanted = ["zscore", "prices", "correlation", "candles", "leadlag", "epps"]
    wait_until(lambda: charts.query("panels") == {"panels": ",".join(wanted)}, what="the panels in the address")
    page.reload()
    charts.drawn("prices")
    shown = page.locator("[data-panels] > [data-panel]:not([hidden])")
    assert shown.evaluate_all("panels => panels.map((panel) => panel.dataset.panel)") == wanted
    page.get_by_role("button", name="Panels", exact=True).click()
    page.get_by_role("checkbox", name="Spread").check()
    expect(charts.panel("spread")).to_be_visible()


def test_a_panel_is_dragged_to_another_place(charts: Charts) -> None:
    charts.panel("correlation").locator("[data-drag]").drag_to(charts.panel("prices").locator("h2"))
    wait_until(lambda: charts.query("panels").get("panels", "").startswith("correlation,prices"), what="a new order")


def test_one_panel_on_the_whole_screen(charts: Charts) -> None:
    charts.chart("spread").focus()
    charts.page.keyboard.press("f")
    expect(charts.panel("spread")).to_be_visible()
    expect(charts.panel("prices")).to_be_hidden()
    expect(charts.readout).to_be_visible()
    charts.panel("spread").get_by_role("button", name="full screen").click()
    expect(charts.panel("prices")).to_be_visible()


def test_legs_on_one_axis_and_candles_of_the_other_leg(charts: Charts, live: LivePair) -> None:
    page = charts.page
    page.get_by_role("button", name="Rebased").click()
    wait_until(lambda: charts.query("axes") == {"axes": "rebased"}, what="the axes in the address")
    charts.panel("candles").get_by_role("button", name="BBBUSDT").click()
    wait_until(lambda: charts.query("candles") == {"candles": "x"}, what="the leg in the address")
    charts.point("prices", 0.7)
    row = stored(live, charts.shown_time())
    assert (charts.reading("y"), charts.reading("c")) == (text(row.price_y, 1), text(row.price_x, 2))
    expect(page.locator("#chart-candles")).to_have_attribute("aria-label", re.compile("^Candles of BBBUSDT"))


def test_a_chart_is_described_from_all_its_values(charts: Charts, live: LivePair) -> None:
    rows = Snapshot.objects.filter(spec=live.spec)
    spreads = [row.spread for row in rows if row.spread is not None]
    low, high = text(min(spreads), 6, sign=True), text(max(spreads), 6, sign=True)
    label = re.compile(rf"^Spread from .*: spread last .*, minimum {re.escape(low)}, maximum {re.escape(high)}$")
    expect(charts.page.locator("#chart-spread")).to_have_attribute("aria-label", label, timeout=GUARD_MS)
    box = charts.chart("spread")
    expect(box).to_have_attribute("role", "group")
    expect(box).to_have_attribute("aria-roledescription", "chart")


def test_curves_of_the_report_are_read_by_pointer_and_keys(charts: Charts) -> None:
    words = charts.panel("leadlag").locator("[data-words]")
    charts.chart("leadlag").scroll_into_view_if_needed()
    expect(words).to_contain_text("lag", timeout=GUARD_MS)
    charts.chart("leadlag").focus()
    charts.page.keyboard.press("Home")
    expect(words).to_have_text(re.compile("^lag −60: BBBUSDT leads by 60 bars, 1 min: "))
    charts.page.keyboard.press("ArrowRight")
    expect(charts.page.locator("#readout-speech")).to_have_text(re.compile("^lag −59"))
    charts.chart("epps").scroll_into_view_if_needed()
    expect(charts.page.locator("#chart-epps")).to_have_attribute(
        "aria-label", re.compile("^Correlation by bar length: ")
    )


def store_trades(live: LivePair) -> None:
    """Thirty of each leg, one a second, the last one a minute ago; odd ones were bought."""
    moments = [datetime.fromtimestamp(live.now_ms / 1_000 - 90 + number, UTC) for number in range(30)]
    for day in {round(at.timestamp() * 1_000) // DAY_MS for at in moments}:
        ensure_day(day)
    Tick.objects.bulk_create(
        Tick(
            instrument=leg,
            trade_id=number,
            price=price + number,
            size=0.25,
            traded_at=at,
            is_buyer_maker=number % 2 == 0,
        )
        for number, at in enumerate(moments)
        for leg, price in ((live.spec.y, 100.5), (live.spec.x, 50.25))
    )


def test_single_trades_are_listed_and_drawn(visit: type[Visit], site: Site, live: LivePair) -> None:
    store_trades(live)
    here = visit.to(site, user=live.user, height=2_400).go("/dashboard/?tf=tick&range=15m")
    charts = Charts(here)
    charts.drawn("prices")
    tape = here.page.locator("[data-tape] tbody tr")
    expect(tape.first).to_contain_text("▲ buy", timeout=GUARD_MS)
    expect(tape.nth(2)).to_contain_text("▼ sell")
    assert {"129.5", "79.25"} & set(re.findall(r"[\d.]+", tape.first.inner_text()))
    expect(here.page.locator("#chart-prices")).to_have_attribute(
        "aria-label", re.compile(r"minimum 100\.5"), timeout=GUARD_MS
    )
    assert here.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_open_menus_and_tables_are_accessible(visit: type[Visit], site: Site, live: LivePair, theme: str) -> None:
    here = opened(visit, site, live, theme=theme)
    charts = Charts(here)
    charts.drawn("prices")
    charts.act("candles", "Show as table")
    expect(charts.panel("candles").get_by_role("table")).to_be_visible()
    assert here.axe() == []
    # The menu covers what lies below it, so it is looked at by itself
    here.page.get_by_role("button", name="Panels", exact=True).click()
    assert here.page.evaluate("axe.run('#panels-menu').then(({ violations }) => violations.map(({ id }) => id))") == []
    assert here.complaints == []
