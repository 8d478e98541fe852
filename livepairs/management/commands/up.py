"""Start everything: servers, migrations, feed, workers, web; restart what dies; stop all on Ctrl-C."""

import os
import signal
import socket
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.urls import reverse

from accounts.invitations import invite_first_admin
from livepairs.embedded import Embedded, EmbeddedError, create_database
from livepairs.processes import Process, simulator, workers
from livepairs.supervision import Supervision
from market.ingest.choose import choose_venue

PORTS_TRIED = 40
READY_GUARD_S = 120


class Command(BaseCommand):
    help = "Start livepairs: embedded servers if none are configured, migrations, feed, workers and web."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="port of the web pages (default: PORT, else a free one from 8000)")
        parser.add_argument("--feed", choices=settings.FEEDS, help="what to record (default: LIVEPAIRS_FEED)")

    def handle(self, *args: Any, port: int | None, feed: str | None, **options: Any) -> None:
        settings.PORT, settings.SIMULATOR_PORT = _ports(port)
        settings.FEED = feed or settings.FEED
        supervision = Supervision(settings.HOME, settings.PLACES.sockets, self._environment())
        if supervision.is_running():
            raise CommandError(
                f"livepairs runs already out of {settings.HOME}. Stop it with Ctrl-C where it was started."
            )
        _refuse_to_die_halfway()
        try:
            self._run(supervision)
        except KeyboardInterrupt:
            self.stdout.write("\nstopping …")
        except EmbeddedError as error:
            raise CommandError(str(error)) from error
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            supervision.stop()
        self.stdout.write("stopped; `make run` goes on with the same data")

    def _environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "livepairs.settings",
            "PYTHONUNBUFFERED": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "NUMBA_NUM_THREADS": "1",
            "PORT": str(settings.PORT),
            "LIVEPAIRS_SIMULATOR_PORT": str(settings.SIMULATOR_PORT),
            "LIVEPAIRS_FEED": settings.FEED,
        }

    def _run(self, supervision: Supervision) -> None:
        servers = self._servers()
        supervision.launch([*servers, simulator(), *workers()])
        supervision.start(*(server.name for server in servers))
        if settings.EMBEDDED_POSTGRES:
            create_database(settings.PLACES.database_url)
        self.stdout.write("preparing the database and the pages …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        venue = self._venue()
        if venue == "simulated":
            supervision.start("simulator")
        supervision.start(*(process.name for process in workers() if venue or process.name != "ingest"))
        self._announce()
        supervision.wait()
        raise CommandError(f"The supervisor ended by itself; see {settings.HOME / 'log' / 'supervisord.log'}.")

    def _servers(self) -> list[Process]:
        if not (settings.EMBEDDED_POSTGRES or settings.EMBEDDED_REDIS):
            return []
        embedded = Embedded(settings.PLACES)
        embedded.prepare()
        # The password exists only now
        settings.DATABASES["default"]["PASSWORD"] = settings.PLACES.password_file.read_text().strip()
        found = []
        if settings.EMBEDDED_POSTGRES:
            server = embedded.postgres()
            # INT is Postgres' fast shutdown; TERM would wait for every client to leave
            found.append(Process(server.name, server.command, 10, stop_signal="INT", user=server.user, stop_seconds=60))
        if settings.EMBEDDED_REDIS:
            server = embedded.redis()
            found.append(Process(server.name, server.command, 10, user=server.user))
        return found

    def _venue(self) -> str:
        """The venue to record, "" for none."""
        choice = choose_venue()
        if choice.reason:
            self.stdout.write(self.style.WARNING(f"feed: {choice.venue} ({choice.reason})"))
        return choice.venue

    def _announce(self) -> None:
        address = f"http://localhost:{settings.PORT}/"
        end = time.monotonic() + READY_GUARD_S
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                if time.monotonic() > end:
                    raise CommandError(f"The web server does not answer; see {settings.HOME / 'log'}.") from None
                time.sleep(0.2)
        self.stdout.write(self.style.SUCCESS(f"livepairs is running at {address}  (Ctrl-C stops it)"))
        self._offer_administration(address)
        self.stdout.flush()

    def _offer_administration(self, address: str) -> None:
        secret = invite_first_admin()
        if secret:
            link = f"{address.rstrip('/')}{reverse('invitation', args=[secret])}"
            self.stdout.write(
                f"Nobody runs this site yet. Whoever signs up with this link does (once, within 24 hours):\n  {link}"
            )


def _ports(wanted: int | None) -> tuple[int, int]:
    """Ports of the pages and of the simulated market; a port somebody asked for is never replaced."""
    if wanted is None and "PORT" in os.environ:
        wanted = settings.PORT
    if wanted is not None:
        if not _is_free(wanted):
            raise CommandError(f"Port {wanted} is in use. Choose another one with PORT=… or --port.")
        return wanted, _first_free(_simulator_from(wanted))
    pages = _first_free(settings.PORT)
    return pages, _first_free(_simulator_from(pages))


def _simulator_from(pages: int) -> int:
    return settings.SIMULATOR_PORT if "LIVEPAIRS_SIMULATOR_PORT" in os.environ else pages + 1


def _first_free(start: int) -> int:
    for port in range(start, start + PORTS_TRIED):
        if _is_free(port):
            return port
    raise CommandError(f"No free port from {start} to {start + PORTS_TRIED - 1}. Choose one with PORT=….")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.BIND, port))
        except OSError:
            return False
    return True


def _refuse_to_die_halfway() -> None:
    """SIGTERM stops as Ctrl-C does, and Ctrl-C works where a shell started us in the background."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
