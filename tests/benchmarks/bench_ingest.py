"""Socket to committed row: the recorder against "websockets + json + bulk_create(ignore_conflicts)", in one run.

CPU is that of the receiving process and of Postgres while the ticks flow; wall time is from the first row to the last.
The sender is a process of its own and its CPU is not counted, though it shares the machine.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.benchmarks.ingest_sender import FIRST_ID, SYMBOLS
from tests.waiting import wait_until

OURS, BASELINE = 1_000_000, 100_000
#: of the baseline's CPU per tick; ticks a second on two idle cores; MB of growth
GOAL_CPU, GOAL_RATE, GOAL_GROWTH = 4.0, 80_000, 150
Connection = psycopg.Connection[tuple[Any, ...]]
BASELINE_NAME = "websockets + json + bulk_create(ignore_conflicts)"


@dataclass
class Figures:
    """`receiver` and `postgres` are CPU µs per tick."""

    receiver: float
    postgres: float
    per_second: float
    lost: int
    growth_mb: float

    @property
    def cpu(self) -> float:
        return self.receiver + self.postgres


def main() -> None:
    from tests import servers

    missed: list[str] = []
    try:
        _prepare()
        baseline = _measure("baseline", BASELINE, "rising")
        for path, ids in (("direct", "rising"), ("staging", "late")):
            ours = _measure("ours", OURS, ids)
            _report(path, ours, baseline)
            missed += _missed(path, ours, baseline)
    finally:
        servers.stop_servers()
    if missed:
        sys.exit("ingest missed its goal: " + "; ".join(missed))


def _report(path: str, ours: Figures, baseline: Figures) -> None:
    for what, unit, mine, other in (
        ("CPU per tick, receiver + Postgres", "us", ours.cpu, baseline.cpu),
        ("CPU per tick, receiver", "us", ours.receiver, baseline.receiver),
        ("CPU per tick, Postgres", "us", ours.postgres, baseline.postgres),
        ("ticks per second, wall", "1/s", ours.per_second, baseline.per_second),
        ("ticks lost", "ticks", ours.lost, baseline.lost),
        ("memory growth", "MB", ours.growth_mb, baseline.growth_mb),
    ):
        ratio = mine / other if unit == "1/s" else other / mine if mine else None
        line = {"name": f"ingest {path}: {what}", "ours": round(mine, 2), "baseline": round(other, 2), "unit": unit}
        shown = None if ratio is None else round(ratio, 2)
        print(json.dumps(line | {"ratio": shown, "baseline_name": BASELINE_NAME}), flush=True)


def _missed(path: str, ours: Figures, baseline: Figures) -> Iterator[str]:
    """Goals of CPU are ratios within this run; the rate holds on an idle machine and is only reported."""
    if ours.lost:
        yield f"{path}: {ours.lost} ticks lost"
    if path == "direct" and baseline.cpu < GOAL_CPU * ours.cpu:
        yield f"{path}: less than {GOAL_CPU} times less CPU"
    if ours.growth_mb > GOAL_GROWTH:
        yield f"{path}: memory grew by {ours.growth_mb:.0f} MB"


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from market.ingest.symbols import demand
    from market.partitions import ensure_ahead

    call_command("migrate", verbosity=0)
    ensure_ahead(timezone.now())
    demand("binance", SYMBOLS)


def _measure(side: str, count: int, ids: str) -> Figures:
    with _sender(count, ids) as port, tempfile.TemporaryDirectory() as home, _database() as database:
        database.execute("TRUNCATE market_tick, market_ingestbatch, market_gap, market_symbolstate")
        receiver = _receiver(side, port, count, home)
        try:
            wait_until(lambda: _has_any(database, receiver), guard=120, what="the first row")
            began, resident = time.monotonic(), _resident(receiver.pid)
            first, cpu, postgres = _count(database), _cpu(receiver.pid), _postgres_cpu(database)
            wait_until(lambda: _has_last(database, count), guard=300, what="the last row")
            took = time.monotonic() - began
            cpu, postgres = _cpu(receiver.pid) - cpu, _postgres_cpu(database) - postgres
            peak, rows = _peak(receiver.pid), _count(database)
        finally:
            receiver.send_signal(signal.SIGTERM)
            receiver.wait()
    ticks = rows - first
    return Figures(cpu / ticks * 1e6, postgres / ticks * 1e6, ticks / took, count - rows, (peak - resident) / 1e6)


@contextmanager
def _sender(count: int, ids: str) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.ingest_sender", str(count), ids]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


@contextmanager
def _database() -> Iterator[Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as database:
        yield database


def _receiver(side: str, port: int, count: int, home: str) -> subprocess.Popen[bytes]:
    url = f"ws://127.0.0.1:{port}/market/stream"
    commands = {
        "ours": ["manage.py", "ingest"],
        "baseline": ["-m", "tests.benchmarks.ingest_baseline", url, str(count)],
    }
    settings = {
        "LIVEPAIRS_HOME": home,
        "LIVEPAIRS_FEED": "binance",
        "LIVEPAIRS_BINANCE_WS_URL": url,
        "LIVEPAIRS_BINANCE_REST_URL": f"http://127.0.0.1:{port}",
        "LIVEPAIRS_WARMUP_MINUTES": "0",
        "LIVEPAIRS_LOG_LEVEL": "WARNING",
    }
    return subprocess.Popen([sys.executable, *commands[side]], env=os.environ | settings)


def _has_any(database: Connection, receiver: subprocess.Popen[bytes]) -> bool:
    assert receiver.poll() is None, "the receiver ended before its first row"
    return database.execute("SELECT 1 FROM market_tick LIMIT 1").fetchone() is not None


def _has_last(database: Connection, count: int) -> bool:
    """Frames are committed in their order, so the last one ends the run; found by key, which costs nothing."""
    size = len(SYMBOLS)
    symbol, trade_id = SYMBOLS[(count - 1) % size], FIRST_ID + (count - 1) // size
    query = """SELECT 1 FROM market_tick WHERE trade_id = %s
               AND instrument_id = (SELECT id FROM market_instrument WHERE venue = 'binance' AND symbol = %s)"""
    return database.execute(query, [trade_id, symbol]).fetchone() is not None


def _count(database: Connection) -> int:
    row = database.execute("SELECT count(*) FROM market_tick").fetchone()
    assert row is not None
    return int(row[0])


def _cpu(process: int) -> float:
    """Seconds of user and system time, of ended children too; the program's name ends with a bracket."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _postgres_cpu(database: Connection) -> float:
    """All processes of the server but the backend that asks."""
    row = database.execute("SELECT pg_backend_pid()").fetchone()
    assert row is not None
    parent = int(_status(row[0])["PPid"])
    family = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return _cpu(parent) + sum(_cpu(int(child)) for child in family if int(child) != row[0])


def _status(process: int) -> dict[str, str]:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _resident(process: int) -> int:
    return int(_status(process)["VmRSS"].split()[0]) * 1024


def _peak(process: int) -> int:
    return int(_status(process)["VmHWM"].split()[0]) * 1024


if __name__ == "__main__":
    main()
