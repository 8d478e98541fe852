"""The cast and the pair specs of the live tests, in a real Postgres; real Redis behind the hub."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client

from accounts.models import User
from analytics.models import Pair, PairSpec, Snapshot
from market.models import Instrument
from tests.live.talk import Talk

OPENED_AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ORIGIN = "http://localhost"


@dataclass
class Cast:
    """Alice owns the spec, Bob shares it, Mallory must see nothing of it, Nobody is not here: logged out."""

    alice: User
    bob: User
    mallory: User
    spec: PairSpec


def instrument(symbol: str) -> Instrument:
    return Instrument.objects.create(venue="simulated", symbol=symbol, tick_size="0.100", step_size="0.001")


def store(spec: PairSpec, bar: int, *, seq: int, z: float | None, reason: str = "") -> None:
    """A snapshot of bar number `bar`, as the pipeline stores it."""
    Snapshot.objects.update_or_create(
        spec=spec,
        opened_at=OPENED_AT + timedelta(seconds=bar),
        defaults={
            "seq": seq,
            "price_y": 100.0 + bar,
            "price_x": 50.0,
            "zscore": z,
            "unknown": {"z": reason} if reason else {},
        },
    )
    PairSpec.objects.filter(pk=spec.pk).update(seq=seq)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    alice, bob, mallory = (
        User.objects.create_user(name, f"{name}@example.org", f"pass-{name}-word")
        for name in ("alice", "bob", "mallory")
    )
    spec = PairSpec.objects.create(
        y=instrument("AAAUSDT"),
        x=instrument("BBBUSDT"),
        timeframe=1,
        hedge_window=60,
        z_window=30,
        correlation_window=30,
    )
    for user in (alice, bob):
        Pair.objects.create(owner=user, spec=spec)
    return Cast(alice, bob, mallory, spec)


@pytest.fixture
async def database_thread() -> AsyncIterator[None]:
    """The thread in which asynchronous code uses the database gives its connection back."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def talk(database_thread: None) -> AsyncIterator[type[Talk]]:
    """Opens sockets; those left open are closed."""
    yield Talk
    await Talk.close_all()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)
