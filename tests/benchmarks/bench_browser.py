"""Main-thread CPU of five live charts in headless Chromium, ours beside uPlot on the same data in the same page.

Counted is the thread time of the page's main thread (TaskDuration), painting in software included, for each update of
all five charts: prices, z-score with bands, spread, correlation and 300 candles with volume; then for each move of the
pointer over our charts with the crosshair, and the growth of the heap over minutes of updates. `HEAP_MINUTES` shortens
the last part.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import CDPSession, Page

SIZES = (3_600, 20_000)
#: updates a second, and how many of them are counted
RATES = {1: 8, 4: 32, 10: 60}
ROUNDS = 3
MOVES = 200
HEAP_MINUTES = float(os.environ.get("HEAP_MINUTES", "5"))
HEAP_RATE, WARM_S = 4, 30
#: ms of CPU, times uPlot, times the cost at the shorter history, MB
MOST_MS, MOST_RATIO, MOST_GROWTH, MOST_MOVE_MS, MOST_HEAP_MB = 60.0, 2.0, 1.5, 3.0, 1.0
#: nobody is asked: the test answers itself
ADDRESS = "http://bench.example/"
HERE = Path(__file__).parent / "browser"
PANELS = ("prices", "zscore", "spread", "correlation", "candles")


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")
    django.setup()
    from livepairs.frontend import build
    from tests.browser.chromium import chromium

    build()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1100})
        page.route(ADDRESS, lambda route: route.fulfill(body=_html(), content_type="text/html"))
        page.goto(ADDRESS)
        page.add_script_tag(path=_bundle(Path(folder)), type="module")
        page.evaluate("document.fonts.ready")
        meter = Meter(page)
        missed = [*_updates(page, meter), *_crosshair(page, meter), *_heap(page, meter)]
    if missed:
        sys.exit("; ".join(missed))


class Meter:
    """Thread time and heap of the page."""

    def __init__(self, page: Page) -> None:
        self._cdp: CDPSession = page.context.new_cdp_session(page)
        self._cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def cpu_ms(self) -> float:
        return self._metric("TaskDuration") * 1_000

    def heap_mb(self) -> float:
        for _ in range(3):
            self._cdp.send("HeapProfiler.collectGarbage")
        return self._metric("JSHeapUsedSize") / 1e6

    def _metric(self, name: str) -> float:
        metrics: list[dict[str, Any]] = self._cdp.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == name)


def _updates(page: Page, meter: Meter) -> list[str]:
    missed: list[str] = []
    ours_by_size: dict[int, float] = {}
    for size in SIZES:
        costs: dict[tuple[str, int], list[float]] = {}
        done: dict[int, list[float]] = {}
        for _ in range(ROUNDS):
            for side in ("ours", "theirs"):
                page.evaluate("([side, size]) => bench.mount(side, size)", [side, size])
                for rate, updates in RATES.items():
                    before = meter.cpu_ms()
                    count = page.evaluate("([updates, rate]) => bench.feed(updates, rate)", [updates, rate])
                    costs.setdefault((side, rate), []).append((meter.cpu_ms() - before) / count)
                    if side == "ours":
                        done.setdefault(rate, []).append(count / updates)
        for rate in RATES:
            ours, theirs = (statistics.median(costs[side, rate]) for side in ("ours", "theirs"))
            ratio = statistics.median(a / b for a, b in zip(costs["ours", rate], costs["theirs", rate], strict=True))
            _print(
                f"browser_update_{size}_points_{rate}_hz",
                ours,
                theirs,
                "ms main-thread CPU for five charts",
                ratio,
                goal=f"at most {MOST_RATIO:g} times uPlot and {MOST_MS:g} ms",
                updates_done=round(min(done[rate]), 2),
            )
            if ours > MOST_MS or ratio > MOST_RATIO:
                missed.append(f"update of {size} points at {rate} Hz: {ours:.1f} ms, {ratio:.2f} times uPlot")
        ours_by_size[size] = statistics.median(value for rate in RATES for value in costs["ours", rate])
    shorter, longer = (ours_by_size[size] for size in SIZES)
    growth = longer / shorter
    _print(
        "browser_history", longer, shorter, "ms, 20,000 points against 3,600", growth, goal=f"at most {MOST_GROWTH:g}"
    )
    return [*missed, *([f"20,000 points cost {growth:.2f} times 3,600"] if growth > MOST_GROWTH else [])]


def _crosshair(page: Page, meter: Meter) -> list[str]:
    page.evaluate("() => bench.mount('ours', 3600)")
    box = page.locator("[data-panel=zscore] .plot").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    moved = []
    for start in (box["x"] + 5, 2.0):
        page.mouse.move(start, y)
        before = meter.cpu_ms()
        for step in range(MOVES):
            page.mouse.move(start + step % 150, y if start > 5 else 2.0)
        moved.append((meter.cpu_ms() - before) / MOVES)
    with_crosshair, without = moved
    own = with_crosshair - without
    goal = f"at most {MOST_MOVE_MS:g} ms"
    _print(
        "browser_crosshair_move",
        own,
        without,
        "ms main-thread CPU a move",
        None,
        goal=goal,
        all=round(with_crosshair, 2),
    )
    return [f"a move of the crosshair costs {own:.2f} ms"] if own > MOST_MOVE_MS else []


def _heap(page: Page, meter: Meter) -> list[str]:
    page.evaluate("() => bench.mount('ours', 3600)")
    page.evaluate("([updates, rate]) => bench.feed(updates, rate)", [WARM_S * HEAP_RATE, HEAP_RATE])
    before = meter.heap_mb()
    updates = max(1, round(HEAP_MINUTES * 60 * HEAP_RATE))
    page.evaluate("([updates, rate]) => bench.feed(updates, rate)", [updates, HEAP_RATE])
    after = meter.heap_mb()
    _print(
        "browser_heap",
        after,
        before,
        f"MB after {HEAP_MINUTES:g} more minutes at {HEAP_RATE} Hz, garbage collected",
        None,
        goal=f"grows by at most {MOST_HEAP_MB:g} MB",
        updates=updates,
        is_shortened=HEAP_MINUTES < 5,
    )
    return [f"the heap grew from {before:.1f} to {after:.1f} MB"] if after - before > MOST_HEAP_MB else []


def _html() -> str:
    """Our panels as the templates make them, and a place for the others of the same size."""
    from django.template.loader import render_to_string

    view = {"range": "fit", "start_ms": None, "axes": "two", "candles": "y", "panels": PANELS, "mode": "bars"}
    legs = {"y": {"symbol": "AAA"}, "x": {"symbol": "BBB"}}
    context = {"spec": legs, "ranges": ["fit"], "panels": [], "link": {"view": view}}
    charts = render_to_string("analytics/charts/_charts.html", context)
    style = (settings.BASE_DIR / "static" / "build" / "site.css").read_text()
    theirs = ".others{display:grid;gap:14px;grid-template-columns:repeat(2,1fr)}.theirs{height:264px;min-width:0}"
    theirs += (settings.BASE_DIR / "node_modules" / "uplot" / "dist" / "uPlot.min.css").read_text()
    places = f'<div id="ours">{charts}</div><div id="theirs" class="others" hidden></div>'
    layers = '<div id="toasts" popover="manual"></div>'
    return f"<!DOCTYPE html><html><head><style>{style}{theirs}</style></head><body>{places}{layers}</body></html>"


def _bundle(folder: Path) -> Path:
    """Our modules and uPlot in one file, built as the pages' files are; it is no part of what ships."""
    from livepairs.frontend import node_command

    target = folder / "bench.js"
    esbuild = settings.BASE_DIR / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = ["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning", f"--outfile={target}"]
    options.append(f"--alias:@kurkle/color={settings.BASE_DIR / 'static' / 'js' / 'charts' / 'no_color.js'}")
    subprocess.run([*node_command(), str(esbuild), str(HERE / "bench.js"), *options], check=True, cwd=settings.BASE_DIR)
    return target


def _print(name: str, ours: float, baseline: float, unit: str, ratio: float | None, **more: object) -> None:
    line: dict[str, object] = {"name": name, "ours": round(ours, 2), "baseline": round(baseline, 2), "unit": unit}
    if ratio is not None:
        line["ratio"] = round(ratio, 2)
    baseline_name = {"browser_heap": "before", "browser_crosshair_move": "moves beside the charts"}
    line["baseline_name"] = baseline_name.get(name, "3,600 points" if name == "browser_history" else "uPlot 1.6.32")
    print(json.dumps(line | more), flush=True)


if __name__ == "__main__":
    main()
