"""`manage.py up` started twice, stopped, started again, side by side, and on servers of somebody else."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from livepairs.embedded import Embedded, create_database
from livepairs.places import BASE_DIR, places_of
from tests.acceptance.survival.scene import GUARD, Scene
from tests.stack import PYTHON, Exchange, Stack, running_stack
from tests.waiting import wait_until

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]


def processes_of(stack: Stack) -> list[str]:
    """Command lines of all processes whose environment or arguments name the home or the servers of a stack."""
    marks = (f"LIVEPAIRS_HOME={stack.home}".encode(), str(stack.places.servers).encode(), str(stack.home).encode())
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue
        if int(folder.name) != os.getpid() and any(mark in command or mark in environment for mark in marks):
            found.append(command.replace(b"\0", b" ").decode())
    return found


def test_a_second_up_in_the_same_home_is_refused_with_a_sentence(scene: Scene) -> None:
    environment = {name: value for name, value in scene.stack.environment.items() if name != "PORT"}
    second = subprocess.run(
        [PYTHON, str(BASE_DIR / "manage.py"), "up"], env=environment, capture_output=True, text=True, check=False
    )
    assert second.returncode != 0
    assert f"livepairs runs already out of {scene.stack.home}" in second.stderr
    assert "Traceback" not in second.stderr
    scene.recovers()


def test_stopped_by_ctrl_c_nothing_is_left_and_the_next_start_fills_the_hole(scene: Scene) -> None:
    scene.records()
    stored = scene.stack.value("SELECT count(*) FROM market_tick")
    assert scene.stack.stop() == 0
    assert processes_of(scene.stack) == []
    scene.stack.start()
    assert scene.stack.value("SELECT count(*) FROM market_tick") >= stored
    scene.recovers()


@pytest.mark.slow
def test_killed_as_a_whole_nothing_is_left_and_the_next_start_fills_the_hole(scene: Scene) -> None:
    assert scene.stack.process is not None
    scene.stack.process.send_signal(signal.SIGKILL)
    scene.stack.process.wait()
    wait_until(lambda: not processes_of(scene.stack), guard=GUARD, what="all processes end with their parent")
    scene.stack.start()
    scene.recovers()


@pytest.mark.slow
def test_two_installations_run_side_by_side(scene: Scene) -> None:
    settings = {"LIVEPAIRS_SYMBOLS": "BTCUSDT", "LIVEPAIRS_WARMUP_MINUTES": "0"}
    with running_stack(**scene.exchange.environment, **settings) as other:
        wait_until(lambda: other.value("SELECT count(*) FROM market_tick") > 0, guard=GUARD, what="ticks of the other")
        assert other.value("SELECT count(DISTINCT instrument_id) FROM market_tick") == 1
        assert other.places.sockets != scene.stack.places.sockets
        scene.recovers()


def test_with_servers_of_your_own_none_is_started(tmp_path: Path) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lp-own-")))
        own = Embedded(places_of(folder), is_durable=False)
        stack.callback(shutil.rmtree, own.places.servers, ignore_errors=True)
        own.prepare()
        for server in (own.postgres(), own.redis()):
            process = subprocess.Popen(server.command, user=server.user, stdout=subprocess.DEVNULL, cwd="/")
            stack.callback(process.wait)
            stack.callback(process.send_signal, signal.SIGINT)
        create_database(own.places.database_url)
        exchange = Exchange("--symbols", "BTCUSDT", "--history", "1", log=tmp_path / "exchange.log")
        stack.callback(exchange.stop)
        settings = {"DATABASE_URL": own.places.database_url, "REDIS_URL": own.places.redis_url}
        with running_stack(**exchange.environment, **settings, LIVEPAIRS_WARMUP_MINUTES="0") as running:
            wait_until(lambda: running.value("SELECT count(*) FROM market_tick") > 0, guard=GUARD, what="ticks")
            assert not {"postgres", "redis"} & running.programs()
            assert not running.places.servers.exists() or not list(running.places.servers.glob("postgres*"))
