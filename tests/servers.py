"""Pytest plugin: one private Postgres and Redis for each run, unless DATABASE_URL and REDIS_URL name others."""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.waiting import wait_until

_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
#: set by the controller for its workers: the servers are ours
_EMBEDDED = "PYTEST_EMBEDDED_SERVERS"

# The suite must not depend on the settings of the one who runs it; a worker has those of its controller
for _name in [name for name in os.environ if name.startswith("LIVEPAIRS_") and not _IS_WORKER]:
    del os.environ[_name]

_processes: list[subprocess.Popen[bytes]] = []
_home: Path | None = None


def stop_servers() -> None:
    for process in _processes:
        process.kill()
    for process in _processes:
        process.wait()
    _processes.clear()
    if _home:
        from livepairs.places import places

        shutil.rmtree(places().servers, ignore_errors=True)
        shutil.rmtree(places().sockets, ignore_errors=True)
        shutil.rmtree(_home, ignore_errors=True)


def _start_servers() -> None:
    global _home
    from livepairs.embedded import Embedded, create_database
    from livepairs.places import places

    _home = Path(tempfile.mkdtemp(prefix="lp-test-"))
    os.environ["LIVEPAIRS_HOME"] = str(_home)
    # whitenoise warns of a missing folder, and warnings are errors
    (_home / "staticfiles").mkdir()
    embedded = Embedded(places(), is_durable=False)
    embedded.prepare()
    for server in (embedded.postgres(), embedded.redis()):
        with (_home / f"{server.name}.log").open("wb") as log:
            process = subprocess.Popen(
                server.command, user=server.user, stdout=log, stderr=log, cwd="/", start_new_session=True
            )
        _processes.append(process)
    # Not a hook of pytest: benches and a run that ends early stop them too
    atexit.register(stop_servers)
    create_database(embedded.places.database_url)
    os.environ[_EMBEDDED] = "1"
    os.environ.setdefault("DATABASE_URL", embedded.places.database_url)
    os.environ.setdefault("REDIS_URL", embedded.places.redis_url)


def _start_own_redis(worker: str) -> None:
    """Pub/sub knows no databases: two workers on one Redis would hear each other's frames."""
    from livepairs.embedded import Embedded
    from livepairs.places import places

    shared, own = (str(places().sockets / name) for name in ("redis.sock", f"{worker}.sock"))
    server = Embedded(places(), is_durable=False).redis()
    command = [own if part == shared else part for part in server.command]
    process = subprocess.Popen(
        command,
        user=server.user,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    _processes.append(process)
    atexit.register(stop_servers)
    os.environ["REDIS_URL"] = f"unix://{own}"
    wait_until(lambda: Path(own).exists(), what=f"Redis of {worker}")


if _IS_WORKER and os.environ.get(_EMBEDDED):
    _start_own_redis(os.environ["PYTEST_XDIST_WORKER"])
if not _IS_WORKER and not ("DATABASE_URL" in os.environ and "REDIS_URL" in os.environ):
    _start_servers()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "livepairs.settings")
