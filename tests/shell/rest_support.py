"""A user with a token, a pair and stored rows, for tests of the API."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from accounts.models import ApiToken, User
from accounts.tokens.use import make_token
from analytics.models import Pair, Snapshot
from analytics.pairs import add_pair
from market.models import Bar, FeedControl, Instrument
from tests.shell.access_cast import make_user

STARTED_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
START_MS = round(STARTED_AT.timestamp() * 1_000)
ALL = ("read", "write", "export")


@dataclass
class Script:
    """A program with a token."""

    user: User
    token: ApiToken
    secret: str

    @classmethod
    def of(cls, user: User, *scopes: str) -> "Script":
        made = make_token(user, "script", list(scopes or ALL), 90)
        return cls(user, made.token, made.secret)

    def ask(self, address: str, method: str = "GET", body: Any = None, **headers: str) -> Any:
        client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {self.secret}", **headers})
        text = "" if body is None else json.dumps(body)
        return client.generic(method, f"/api/v1/{address}", text, "application/json")

    def read(self, address: str) -> Any:
        answer = self.ask(address)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)


def text_of(answer: Any) -> bytes:
    """The body of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def make_script(*scopes: str) -> Script:
    return Script.of(make_user("alice"), *scopes)


def make_pair(user: User) -> Pair:
    FeedControl.objects.get_or_create(id=1, defaults={"venue": "simulated"})
    y, x = (Instrument.objects.get_or_create(venue="simulated", symbol=name)[0] for name in ("AAAUSDT", "BBBUSDT"))
    return add_pair(user, y, x)


def store_bars(instrument: Instrument, count: int, timeframe: int = 60) -> None:
    Bar.objects.bulk_create(
        Bar(
            instrument=instrument,
            timeframe=timeframe,
            opened_at=STARTED_AT + timedelta(seconds=timeframe * at),
            open=100 + at,
            high=101.5 + at,
            low=99.25 + at,
            close=100.1 + at,
            volume=3.5,
            quote_volume=350.0,
            buy_volume=1.0,
            trades=7,
            first_id=at * 7,
            last_id=at * 7 + 6,
            first_ms=0,
            last_ms=0,
            flags=1,
            batch=1,
        )
        for at in range(count)
    )


def store_snapshots(pair: Pair, count: int) -> None:
    """z is unknown at every third bar."""
    Snapshot.objects.bulk_create(
        Snapshot(
            spec=pair.spec,
            opened_at=STARTED_AT + timedelta(seconds=at),
            seq=at + 1,
            price_y=100.0 + at,
            price_x=50.0,
            zscore=None if at % 3 == 0 else at / 8,
            hedge_n=None if at == 0 else 60,
            unknown={"z": "warming up 1 of 30"} if at % 3 == 0 else {},
        )
        for at in range(count)
    )
