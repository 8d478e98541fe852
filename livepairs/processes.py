"""The processes of livepairs, one table for `manage.py up`, docker-compose.yml and docs/architecture.md."""

import sys
from dataclasses import dataclass

from django.conf import settings

from livepairs.places import BASE_DIR


@dataclass(frozen=True)
class Process:
    """One program; `priority` orders start, and in reverse stop."""

    name: str
    command: list[str]
    priority: int
    stop_signal: str = "TERM"
    user: str | None = None
    #: numba and BLAS run on one thread: parallelism is processes here
    stop_seconds: int = 15


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), *arguments]


def _worker(queue: str, *, pool: str, concurrency: int = 1) -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "livepairs", "worker", "--queues", queue),
        *("--pool", pool, "--concurrency", str(concurrency), "--hostname", f"{queue}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", settings.LOG_LEVEL),
    ]


def workers() -> list[Process]:
    """Everything between the exchange and the browser, in order of start."""
    bars = [Process(f"bars.{shard}", _worker(f"bars.{shard}", pool="solo"), 30) for shard in range(settings.BAR_SHARDS)]
    live = [
        Process(f"live.{shard}", _worker(f"live.{shard}", pool="solo"), 30) for shard in range(settings.LIVE_SHARDS)
    ]
    beat = [sys.executable, "-m", "celery", "-A", "livepairs", "beat", "--loglevel", settings.LOG_LEVEL]
    return [
        *bars,
        *live,
        Process("jobs", _worker("jobs", pool="threads", concurrency=2), 30),
        Process("beat", [*beat, "--schedule", str(settings.HOME / "beat-schedule"), "--pidfile="], 40),
        Process("ingest", _manage("ingest", "--chosen"), 50),
        Process("daphne", daphne(), 60),
    ]


def daphne() -> list[str]:
    return [
        *(sys.executable, "-m", "daphne", "--bind", settings.BIND, "--port", str(settings.PORT)),
        *("--no-server-name", "--verbosity", "0", "livepairs.asgi:application"),
    ]


def simulator() -> Process:
    port, rate = str(settings.SIMULATOR_PORT), str(settings.SIMULATOR_RATE)
    return Process("simulator", _manage("simulate", "--port", port, "--rate", rate), 20)
