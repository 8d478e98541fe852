"""A real daphne with the built pages, on the database and Redis of this test run."""

import os
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from django.conf import settings
from django.db import connection

from tests.waiting import wait_until

#: how the database names the connections of a site
DATABASE_CLIENT = "site"


@dataclass
class Site:
    """One web process; `stop` and `start` again on the same port."""

    port: int
    log: Path
    more: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        environment = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "livepairs.settings"}
        environment |= {"PGAPPNAME": DATABASE_CLIENT} | self.more
        command = [
            sys.executable,
            "-m",
            "daphne",
            "-b",
            "127.0.0.1",
            "-p",
            str(self.port),
            "livepairs.asgi:application",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
        wait_until(self._answers, what=f"daphne, its log is {self.log}")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-2000:]
        try:
            with urlopen(f"{self.url}/healthz") as response:
                return bool(response.status == 200)
        except OSError:
            return False


def wait_until_quiet() -> None:
    """No site asks the database anything: the next test may empty it without a deadlock."""
    busy = (
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = %s AND state <> 'idle'"
    )

    def is_quiet() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(busy, [DATABASE_CLIENT])
            return bool(cursor.fetchone() == (0,))

    wait_until(is_quiet, what="the site has answered all pages")


def database_url() -> str:
    """The address of the test database of this worker."""
    values = connection.settings_dict
    user, password, host = (quote(str(values[name]), safe="") for name in ("USER", "PASSWORD", "HOST"))
    port = f":{values['PORT']}" if values["PORT"] else ""
    return f"postgresql://{user}:{password}@{host}{port}/{values['NAME']}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
