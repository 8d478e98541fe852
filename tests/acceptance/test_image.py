"""Dockerfile and docker-compose.yml without an engine: the schema, and the image's commands in a clean folder."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import yaml

from livepairs.embedded import Embedded, create_database
from livepairs.places import BASE_DIR, places_of
from tests.stack import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.acceptance

COMPOSE = BASE_DIR / "docker-compose.yml"


def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def test_compose_follows_its_schema() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    command = [str(checker), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_setting_in_compose_exists() -> None:
    from livepairs.environment import KNOWN

    named = {name for service in services().values() for name in service.get("environment", {})}
    assert {name for name in named if name.startswith("LIVEPAIRS_")} <= set(KNOWN)


def test_the_image_copies_only_what_exists() -> None:
    for line in (BASE_DIR / "Dockerfile").read_text().splitlines():
        if line.startswith("COPY ") and "--from" not in line:
            *sources, _ = line.split()[1:]
            assert all((BASE_DIR / source).exists() for source in sources), line


class Image:
    """The image's file system as far as a folder can be one: tracked files, run-time packages only, built pages."""

    def __init__(self, folder: Path) -> None:
        self.app, self.venv, self.data = folder / "app", folder / "venv", folder / "data"
        self.data.mkdir()
        tracked = subprocess.run(
            ["git", "ls-files", "-z"], cwd=BASE_DIR, capture_output=True, text=True, check=True
        ).stdout.split("\0")
        for name in filter(None, tracked):
            if not name.startswith("tests/") and (BASE_DIR / name).exists():
                (self.app / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(BASE_DIR / name, self.app / name)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.venv)], check=True)
        uv = Path(sys.executable).with_name("uv")
        install = [str(uv), "pip", "sync", "--quiet", "--python", str(self.venv / "bin/python"), "requirements.txt"]
        subprocess.run(install, cwd=self.app, check=True)
        shutil.copytree(BASE_DIR / "static" / "build", self.app / "static" / "build", dirs_exist_ok=True)
        self.port = free_port()
        self.simulator_port = free_port()

    def command_of(self, service: str) -> list[str]:
        """The service's command with the image's Python and free ports."""
        ports = {"8000": str(self.port), "8001": str(self.simulator_port), "0.0.0.0": "127.0.0.1"}
        parts = [str(part).replace("/data/", f"{self.data}/") for part in services()[service]["command"]]
        command = [ports.get(part, part) for part in parts]
        if command[:2] == ["sh", "-c"]:
            return command
        assert command[0] == "python"
        return [str(self.venv / "bin" / "python"), *command[1:]]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    return Image(tmp_path_factory.mktemp("image"))


@pytest.fixture(scope="module")
def environment(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Servers of one's own, as compose has them, named by DATABASE_URL and REDIS_URL."""
    places = places_of(tmp_path_factory.mktemp("servers"))
    embedded = Embedded(places, is_durable=False)
    embedded.prepare()
    running = [
        subprocess.Popen(
            server.command, user=server.user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for server in (embedded.postgres(), embedded.redis())
    ]
    create_database(places.database_url)
    yield {
        "PATH": f"{image.venv / 'bin'}:{os.environ['PATH']}",
        "DATABASE_URL": places.database_url,
        "REDIS_URL": places.redis_url,
        "SECRET_KEY": "s" * 60,
        "ALLOWED_HOSTS": "127.0.0.1",
        "LIVEPAIRS_HOME": str(image.data),
        "LIVEPAIRS_FEED": "simulated",
        "LIVEPAIRS_SIMULATOR_HOST": "127.0.0.1",
        "LIVEPAIRS_SIMULATOR_PORT": str(image.simulator_port),
        "LIVEPAIRS_SYMBOLS": "BTCUSDT,ETHUSDT",
        "LIVEPAIRS_WARMUP_MINUTES": "0",
        "PYTHONUNBUFFERED": "1",
    }
    for process in running:
        process.send_signal(signal.SIGINT)
    for process in running:
        process.wait()
    shutil.rmtree(places.servers, ignore_errors=True)


def test_the_commands_of_all_services_run_together(image: Image, environment: dict[str, str], tmp_path: Path) -> None:
    """Migrate first, then everything at once: ticks flow into Postgres and the page answers."""
    subprocess.run(image.command_of("migrate"), cwd=image.app, env=environment, check=True, capture_output=True)
    names = [name for name in services() if name not in ("postgres", "redis", "migrate")]
    logs = {name: tmp_path / f"{name}.log" for name in names}
    processes = {}
    for name in names:
        with logs[name].open("wb") as log:
            processes[name] = subprocess.Popen(
                image.command_of(name), cwd=image.app, env=environment, stdout=log, stderr=log
            )

    def is_well() -> bool:
        for name, process in processes.items():
            assert process.poll() is None, f"{name}: {logs[name].read_text()}"
        try:
            answer = httpx.get(f"http://127.0.0.1:{image.port}/readyz", timeout=10)
        except httpx.HTTPError:
            return False
        return answer.is_success and answer.json()["newest_tick_age_ms"] is not None

    try:
        wait_until(is_well, guard=240, what="all services")
        page = httpx.get(f"http://127.0.0.1:{image.port}/accounts/login/", timeout=30)
        assert page.is_success
        assert "Simulated market" in page.text
        wait_until(partial(_has_bars, environment["DATABASE_URL"]), what="bars of the new ticks")
        for name in ("bars-0", "live-0", "jobs"):
            wait_until(partial(_says, logs[name], "[queues]"), what=name)
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        for process in processes.values():
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _says(log: Path, text: str) -> bool:
    return text in log.read_text()


def _has_bars(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT count(*) FROM market_bar WHERE flags & 1 = 1").fetchone()
    return row is not None and row[0] > 0
