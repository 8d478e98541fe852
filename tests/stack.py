"""A whole private installation as real processes, for tests that cut, kill and restart its parts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from livepairs.places import BASE_DIR, places_of
from livepairs.supervision import Supervision
from tests.waiting import wait_until

PYTHON = sys.executable


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ExchangeControls:
    """The test controls of a running local exchange."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def control(self, page: str, /, **query: object) -> Any:
        answer = httpx.get(f"{self.url}/_sim/{page}", params={k: str(v) for k, v in query.items()}, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def fault(self, name: str, *, on: bool = True, **options: object) -> None:
        self.control("fault", name=name, on=int(on), **options)

    def ledger(self, symbol: str) -> list[dict[str, Any]]:
        """Every aggTrade that exists: the truth."""
        rows: list[dict[str, Any]] = []
        start = 0
        while True:
            page = self.control("ledger", symbol=symbol, fromId=start, limit=100_000)
            rows += page
            if len(page) < 100_000:
                return rows
            start = page[-1]["a"] + 1


class Exchange(ExchangeControls):
    """A local exchange in its own process."""

    def __init__(self, *arguments: str, log: Path) -> None:
        super().__init__(free_port())
        self._log = log
        command = [PYTHON, str(BASE_DIR / "manage.py"), "simulate", "--port", str(self.port), *arguments]
        with log.open("ab") as stream:
            self.process = subprocess.Popen(
                command, stdout=stream, stderr=stream, env=_clean_environment(), start_new_session=True
            )
        wait_until(self._answers, guard=120, what=f"exchange on {self.port}")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self._log.read_text()
        try:
            return httpx.get(f"{self.url}/_sim/state", timeout=5).is_success
        except httpx.HTTPError:
            return False

    @property
    def environment(self) -> dict[str, str]:
        """Settings that make livepairs record from here as if it were the venue."""
        return {
            "LIVEPAIRS_FEED": "binance",
            "LIVEPAIRS_BINANCE_WS_URL": f"ws://127.0.0.1:{self.port}/market/stream",
            "LIVEPAIRS_BINANCE_REST_URL": self.url,
        }

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Stack:
    """`manage.py up` in a folder of its own; `kill` is kill -9, the supervisor restarts what died."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = _clean_environment() | {"LIVEPAIRS_HOME": str(home), "PORT": str(self.port)} | settings
        self.places = places_of(home)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        home_log = self.home / "up.log"
        self.home.mkdir(parents=True, exist_ok=True)
        seen = home_log.read_text().count("livepairs is running") if home_log.exists() else 0
        with home_log.open("ab") as stream:
            self.process = subprocess.Popen(
                [PYTHON, str(BASE_DIR / "manage.py"), "up"],
                stdout=stream,
                stderr=stream,
                env=self.environment,
                start_new_session=True,
            )

        def is_up() -> bool:
            assert self.process is not None
            text = home_log.read_text()
            assert self.process.poll() is None, text
            return text.count("livepairs is running") > seen

        wait_until(is_up, guard=240, what="manage.py up")

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(120)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    @property
    def database_url(self) -> str:
        return self.environment.get("DATABASE_URL") or self.places.database_url

    @property
    def redis_url(self) -> str:
        return self.environment.get("REDIS_URL") or self.places.redis_url

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=10) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def value(self, query: str, *parameters: object) -> Any:
        rows = self.rows(query, *parameters)
        return rows[0][0] if rows else None

    def manage(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            [PYTHON, str(BASE_DIR / "manage.py"), *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout

    def pid_of(self, name: str) -> int:
        """Process id of a running program, 0 while it is not running."""
        return int(self._supervision.states()[name]["pid"])

    def is_running(self, name: str) -> bool:
        return str(self._supervision.states()[name]["statename"]) == "RUNNING"

    def programs(self) -> set[str]:
        """Names of all programs that the supervisor keeps."""
        return set(self._supervision.states())

    def kill(self, name: str) -> None:
        """kill -9 one program and wait until the supervisor has it running again."""
        before = self.pid_of(name)
        os.kill(before, signal.SIGKILL)
        wait_until(lambda: self.pid_of(name) not in (0, before), guard=120, what=f"restart of {name}")

    def halt(self, name: str) -> int:
        """Stop one program in order; its exit status."""
        with self._supervision.rpc() as rpc:
            rpc.stopProcess(name)
            return int(rpc.getProcessInfo(name)["exitstatus"])

    def resume(self, name: str) -> None:
        self._supervision.start(name)

    def log_of(self, name: str) -> str:
        return (self.home / "log" / f"{name}.log").read_text(errors="replace")

    @property
    def _supervision(self) -> Supervision:
        return Supervision(self.home, self.places.sockets, {})


@contextmanager
def running_stack(**settings: str) -> Iterator[Stack]:
    """A started stack, stopped and removed at the end."""
    home = Path(tempfile.mkdtemp(prefix="lp-stack-"))
    stack = Stack(home, **settings)
    try:
        stack.start()
        yield stack
    finally:
        if stack.process is not None and stack.process.poll() is None:
            stack.stop()
        for folder in {stack.places.servers, stack.places.sockets, home}:
            shutil.rmtree(folder, ignore_errors=True)


def _clean_environment() -> dict[str, str]:
    """The environment without settings of whoever runs the tests, and without their servers."""
    ours = ("LIVEPAIRS_", "DATABASE_URL", "REDIS_URL", "PORT", "SECRET_KEY", "DEBUG", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"DJANGO_SETTINGS_MODULE": "livepairs.settings", "OPENBLAS_NUM_THREADS": "1"}
