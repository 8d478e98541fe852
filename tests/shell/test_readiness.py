"""What machines are told about this installation."""

import time
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.utils import timezone

from market.models import Instrument, SymbolState
from market.readiness import partitions_ahead, readiness

pytestmark = pytest.mark.django_db


def make_partition(first: str, last: str) -> None:
    with connection.cursor() as cursor:
        name = f"market_tick_test_{first.replace('-', '')}"
        cursor.execute(f"CREATE TABLE {name} PARTITION OF market_tick FOR VALUES FROM ('{first}') TO ('{last}')")


def test_partitions_ahead_are_those_that_end_after_now() -> None:
    before = partitions_ahead()
    make_partition("2001-01-01", "2001-01-02")
    assert partitions_ahead() == before
    make_partition("2101-01-01", "2101-01-02")
    assert partitions_ahead() == before + 1


def test_ready_says_so_with_numbers() -> None:
    make_partition("2101-01-01", "2101-01-02")
    instrument = Instrument.objects.create(venue="simulated", symbol="AAAUSDT")
    SymbolState.objects.create(
        instrument=instrument, changed_at=timezone.now(), last_trade_ms=int(time.time() * 1000) - 5_000
    )
    response = Client().get("/readyz")
    state = response.json()
    assert response.status_code == 200
    assert state["ready"] is state["database"] is state["redis"] is True
    assert state["newest_tick_age_ms"] >= 5_000


def test_without_redis_it_is_not_ready(settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["redis"] is False


def test_the_spool_is_counted(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    assert readiness().spool_bytes == 0
    (tmp_path / "spool").mkdir()
    (tmp_path / "spool" / "000000000001.spool").write_bytes(b"x" * 42)
    assert readiness().spool_bytes == 42


def test_the_process_answers() -> None:
    assert Client().get("/healthz").json() == {"status": "ok"}
