"""Faults between exchange and table: cuts, bad frames, silence, refusals, Postgres away. Nothing is missing after."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from livepairs.places import BASE_DIR
from tests.acceptance.survival.scene import GUARD, SYMBOLS, Scene
from tests.stack import PYTHON
from tests.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]

#: silence of the whole feed must be noticed within this, in the product's own clock
SILENCE_SECONDS = 30.0


def test_ten_cuts_lose_nothing(scene: Scene) -> None:
    for _ in range(10):
        scene.records(more=20)
        assert scene.exchange.control("cut")["cut"] >= 1
    scene.recovers()


BAD = {
    "duplicate": {"every": 3},
    "reorder": {"every": 3},
    "corrupt": {"every": 25},
    "gap": {"every": 50, "drop": 3},
    "zero-price": {"every": 20},
}


def test_bad_frames_lose_double_and_alter_nothing(scene: Scene) -> None:
    """Doubled, swapped, broken and missing frames and prints without a price, all at once."""
    for fault, options in BAD.items():
        scene.exchange.fault(fault, on=True, **options)
    scene.records(more=1_500)
    for fault in BAD:
        scene.exchange.fault(fault, on=False)
    scene.recovers()
    assert scene.stack.value("SELECT count(*) FROM market_tick WHERE NOT price > 0 OR NOT size > 0") == 0
    assert scene.stack.value("SELECT count(*) FROM market_bar WHERE NOT low > 0") == 0
    refused = dict(scene.stack.rows("SELECT reason, sum(frames) FROM market_quarantinecount GROUP BY reason"))
    assert {"json", "zero price"} <= refused.keys()


def test_a_silent_route_is_told_and_what_it_hid_is_fetched(scene: Scene) -> None:
    scene.records()
    scene.exchange.fault("silent")
    wait_until(lambda: scene.state_of_connection() == "silent", guard=GUARD, what="the connection is called silent")
    noticed_after = scene.stack.value(
        "SELECT extract(epoch FROM changed_at - last_frame_at)::float8 FROM market_connectionstate"
    )
    page = scene.visitor.http.get("/health/").text
    scene.exchange.fault("silent", on=False)
    wait_until(lambda: scene.state_of_connection() == "live", guard=GUARD, what="the connection is live again")
    assert noticed_after <= SILENCE_SECONDS
    assert "silent" in page.lower()
    scene.recovers()


@pytest.mark.slow
def test_one_silent_symbol_is_told_while_the_others_live(scene: Scene) -> None:
    symbol = SYMBOLS[-1]
    scene.exchange.fault("silent", symbol=symbol)
    wait_until(lambda: states(scene)[symbol] == "silent", guard=GUARD, what=f"{symbol} is called silent")
    assert scene.state_of_connection() == "live"
    assert [states(scene)[other] for other in SYMBOLS[:-1]] == ["live"] * (len(SYMBOLS) - 1)
    scene.exchange.fault("silent", on=False)
    wait_until(lambda: states(scene)[symbol] == "live", guard=GUARD, what=f"{symbol} is live again")
    scene.recovers()


def states(scene: Scene) -> dict[str, str]:
    query = "SELECT symbol, state FROM market_symbolstate JOIN market_instrument i ON i.id = instrument_id"
    return dict(scene.stack.rows(query))


@pytest.mark.parametrize("status", ["429", pytest.param("418", marks=pytest.mark.slow)])
def test_no_call_is_made_inside_a_ban_and_the_gap_is_closed_after_it(scene: Scene, status: str) -> None:
    seconds = 6
    scene.exchange.fault(status, retry=seconds)
    scene.exchange.fault("gap", every=50, drop=5)
    refused = next_call(scene)
    scene.exchange.fault("gap", on=False)
    again = next_call(scene)
    scene.exchange.fault(status, on=False)
    assert again.latest - refused.earliest >= seconds
    scene.recovers()


@dataclass(frozen=True)
class Moment:
    """Monotonic seconds between which something happened."""

    earliest: float
    latest: float


def next_call(scene: Scene) -> Moment:
    """When the next REST call was made."""
    known = rest_calls(scene)
    seen_at = [time.monotonic()] * 2

    def is_made() -> bool:
        seen_at[0], seen_at[1] = seen_at[1], time.monotonic()
        return rest_calls(scene) > known

    wait_until(is_made, guard=GUARD, what="a REST call")
    return Moment(seen_at[0], time.monotonic())


def rest_calls(scene: Scene) -> int:
    return int(scene.exchange.control("state")["rest_calls"])


def test_ticks_are_spooled_while_postgres_is_away(scene: Scene) -> None:
    """20 s of trades go to disk and from there to the table, in order; a page opened meanwhile comes to life."""
    spool = scene.stack.home / "spool" / "binance"
    scene.stack.halt("postgres")
    scene.open_page()
    sent = scene.exchange.control("state")["sent"]
    wait_until(lambda: scene.exchange.control("state")["sent"] >= sent + 20 * 400, guard=GUARD, what="20 s of trades")
    assert sum(file.stat().st_size for file in spool.glob("*.spool")) > 100_000
    scene.stack.resume("postgres")
    scene.recovers()
    assert list(spool.glob("*.spool")) == []


@pytest.mark.slow
def test_a_postgres_that_hangs_loses_nothing(scene: Scene) -> None:
    """SIGSTOP of all its processes: connections stay open and nothing answers."""
    sent = scene.exchange.control("state")["sent"]
    with stopped_family(scene.stack.pid_of("postgres")):
        wait_until(lambda: scene.exchange.control("state")["sent"] >= sent + 4_000, guard=GUARD, what="10 s of trades")
    scene.recovers()


@contextmanager
def stopped_family(parent: int) -> Iterator[None]:
    """A process that makes no more children, and the children it has, all stopped for a while."""
    os.kill(parent, signal.SIGSTOP)
    listed = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=True)
    children = [int(pid) for pid in listed.stdout.split()]
    try:
        for child in children:
            _signal(child, signal.SIGSTOP)
        yield
    finally:
        for pid in (*children, parent):
            _signal(pid, signal.SIGCONT)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def test_a_recorder_that_is_told_to_stop_drains_and_ends_with_zero(scene: Scene) -> None:
    scene.records()
    assert scene.stack.halt("ingest") == 0
    scene.stack.resume("ingest")
    scene.recovers()


def test_of_two_recorders_one_records_and_the_other_takes_over(scene: Scene) -> None:
    log = scene.stack.home / "second.log"
    with log.open("wb") as stream:
        command = [PYTHON, str(BASE_DIR / "manage.py"), "ingest", "--chosen"]
        second = subprocess.Popen(command, env=scene.stack.environment, stdout=stream, stderr=stream)
    try:
        wait_until(lambda: "standing by" in log.read_text(), guard=GUARD, what="the second stands by")
        assert scene.exchange.control("state")["sockets"] == 1
        for _ in range(2):
            scene.records()
            scene.stack.kill("ingest")
        scene.records()
        assert scene.stack.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7210003") == 1
        wait_until(lambda: scene.exchange.control("state")["sockets"] == 1, guard=GUARD, what="one socket")
    finally:
        second.send_signal(signal.SIGTERM)
        status = second.wait(GUARD)
    assert status == 0, log.read_text()
    scene.recovers()
