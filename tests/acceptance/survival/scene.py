"""A running installation under load with its exchange, one user, several pairs and one open page."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg

from tests.acceptance.survival.checker import Checker, Horizon
from tests.acceptance.survival.reader import Reader
from tests.acceptance.visitor import Follower, Visitor
from tests.stack import Exchange, Stack, running_stack
from tests.waiting import wait_until

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "XRPUSDT", "ADAUSDT")
#: traded by the exchange, recorded only when somebody asks
OTHERS = ("LTCUSDT", "BCHUSDT")
RATE = 500
WINDOWS = {"hedge": 60, "z": 30, "correlation": 30}
#: ends a hang; no time limit
GUARD = 240.0
PAUSE = 0.5


class Scene:
    """`recovers` is the whole promise: nothing lost, nothing doubled, all derived things right, the page live."""

    def __init__(self, stack: Stack, exchange: Exchange) -> None:
        self.stack, self.exchange = stack, exchange
        self.visitor = Visitor(stack, "alice")
        self.specs: list[int] = []
        self.checker = Checker(stack, exchange, SYMBOLS)
        wait_until(self.checker.begin, guard=GUARD, what="a tick of each symbol")
        for y, x in zip(SYMBOLS[::2], SYMBOLS[1::2], strict=True):
            self.specs.append(self.visitor.add_pair(y, x, timeframe="1s", **WINDOWS))
        self.pages: list[Reader] = []
        self.open_page()

    def open_page(self) -> None:
        """One more page on the first pair; it stays open until the scene ends."""
        page = Reader(self.visitor, f"spec.{self.specs[0]}")
        self.pages.append(page)
        page.start()

    def recovers(self) -> None:
        """From now on nothing is wrong any more; call it when the fault has cleared."""
        horizon = self.checker.horizon()
        settled(lambda: self.checker.behind(horizon))
        settled(lambda: self.checker.tick_faults(horizon))
        settled(self.checker.gap_faults)
        settled(lambda: self.checker.bar_faults(horizon))
        settled(lambda: [fault for spec in self.specs for fault in self.checker.spec_faults(spec, horizon)])
        settled(lambda: [fault for page in self.pages for fault in self.page_faults(page, horizon)])

    def page_faults(self, page: Reader, horizon: Horizon) -> list[str]:
        """What an open page shows that a page loaded now would show otherwise."""
        fresh = Follower(page.follower.topic)
        fresh.take(self.visitor.topic(fresh.topic, points=5_000))
        shown, true = ({t: p for t, p in f.points.items() if t + 1000 <= horizon.ms} for f in (page.follower, fresh))
        kinds = {
            "lacks": sorted(true.keys() - shown.keys()),
            "shows too much": sorted(shown.keys() - true.keys()),
            "shows otherwise": sorted(t for t in shown.keys() & true.keys() if shown[t] != true[t]),
        }
        found = [f"the page {kind} {len(times)} points: {times[:8]}" for kind, times in kinds.items() if times]
        return [*found] if true and max(true) + 3_000 > horizon.ms else [*found, "the topic is not live"]

    def state_of_connection(self) -> str:
        return str(self.stack.value("SELECT state FROM market_connectionstate WHERE name = 'binance'"))

    def records(self, *, more: int = 200) -> None:
        """Wait until that many ticks are stored that were traded from now on."""
        wanted = self.exchange.control("state")["sent"] + more
        wait_until(lambda: self.exchange.control("state")["sent"] >= wanted, guard=GUARD, what="trades are sent")
        before = self.checker.horizon()
        settled(lambda: self.checker.behind(before))


def settled(faults: Callable[[], list[str]]) -> None:
    """Poll until there is no fault; what is left when the guard ends the wait is the failure."""
    end = time.monotonic() + GUARD
    while True:
        try:
            found = faults()
        except (psycopg.OperationalError, httpx.HTTPError) as error:
            found = [f"not there yet: {error}"]
        if not found:
            return
        assert time.monotonic() < end, "\n".join(found)
        time.sleep(PAUSE)


@contextmanager
def running_scene(log: Path, *arguments: str, **settings: str) -> Iterator[Scene]:
    """A scene on an exchange with these arguments, stopped and removed at the end."""
    symbols = ",".join(SYMBOLS + OTHERS)
    exchange = Exchange("--symbols", symbols, "--rate", str(RATE), "--history", "2", *arguments, log=log)
    try:
        with running_stack(
            **exchange.environment,
            LIVEPAIRS_SYMBOLS=",".join(SYMBOLS),
            LIVEPAIRS_WARMUP_MINUTES="0",
            **settings,
        ) as stack:
            scene = Scene(stack, exchange)
            yield scene
            for page in scene.pages:
                page.stop()
            scene.visitor.http.close()
    finally:
        exchange.stop()
