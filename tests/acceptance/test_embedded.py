"""The embedded servers: what is kept, what is refused with a sentence."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from livepairs import embedded as module
from livepairs.embedded import Embedded, EmbeddedError, create_database
from livepairs.places import Places, places_of

pytestmark = pytest.mark.acceptance


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Places]:
    places = places_of(tmp_path / "home")
    yield places
    shutil.rmtree(places.servers, ignore_errors=True)
    shutil.rmtree(places.sockets, ignore_errors=True)


@contextmanager
def running_postgres(places: Places) -> Iterator[None]:
    embedded = Embedded(places, is_durable=False)
    embedded.prepare()
    server = embedded.postgres()
    process = subprocess.Popen(
        server.command, user=server.user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        create_database(places.database_url)
        yield
    finally:
        process.terminate()
        process.wait()


def test_data_outlive_a_stop_and_a_lost_home(places: Places) -> None:
    with running_postgres(places), psycopg.connect(places.database_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    if os.geteuid() == 0:
        # Only as root the servers live elsewhere
        shutil.rmtree(places.home)
    with running_postgres(places), psycopg.connect(places.database_url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_a_wrong_password_opens_nothing(places: Places) -> None:
    password = "not the password"
    with running_postgres(places), pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(places.database_url, password=password)


def test_a_lost_password_is_a_sentence_and_touches_no_data(places: Places) -> None:
    with running_postgres(places):
        pass
    places.password_file.unlink()
    with pytest.raises(EmbeddedError, match="Put it back to keep the data"):
        Embedded(places).prepare()
    assert not places.password_file.exists()


def test_files_of_the_servers_are_closed_to_others(places: Places) -> None:
    with running_postgres(places):
        for folder in (places.servers, places.sockets):
            assert folder.stat().st_mode & 0o077 == 0
        assert places.password_file.stat().st_mode & 0o077 == 0


def test_a_machine_without_the_wheels_is_told_what_to_do(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "POSTGRES_PACKAGE", "no_such_wheel")
    with pytest.raises(EmbeddedError, match="set DATABASE_URL and REDIS_URL"):
        Embedded(places).prepare()
