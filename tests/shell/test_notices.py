"""What the bell rings for: a user's own symbols, the last day, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from analytics.notices import MOST, Notices, notices_of
from analytics.pairs import add_pair
from market.models import ConnectionState, FeedControl, Gap, Instrument, SymbolState
from tests.shell.access_cast import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def legs(db: None) -> list[Instrument]:
    FeedControl.objects.create(id=1, venue="simulated")
    return [Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAAUSDT", "BBBUSDT", "CCCUSDT")]


@pytest.fixture
def alice(legs: list[Instrument]) -> User:
    alice = make_user("alice")
    add_pair(alice, legs[0], legs[1])
    return alice


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def make_gap(instrument: Instrument, *, first_id: int = 1, hours_ago: float = 1, **more: Any) -> Gap:
    gap = Gap.objects.create(
        instrument=instrument, first_id=first_id, last_id=first_id + 54, first_ms=1, last_ms=2, cause="cut", **more
    )
    Gap.objects.filter(pk=gap.pk).update(opened_at=timezone.now() - timedelta(hours=hours_ago))
    return gap


def texts(user: User) -> list[str]:
    return [notice.text for notice in notices_of(user).listed]


@pytest.mark.parametrize(
    ("state", "text", "level"),
    [
        ("open", "AAAUSDT: 55 trades miss", "warn"),
        ("filling", "AAAUSDT: 55 trades miss", "warn"),
        ("waiting_for_dump", "AAAUSDT: 55 trades miss", "warn"),
        ("filled", "AAAUSDT: gap filled", "good"),
        ("lost", "AAAUSDT: 55 trades lost", "bad"),
    ],
)
def test_a_gap_is_told_as_it_stands(alice: User, legs: list[Instrument], state: str, text: str, level: str) -> None:
    make_gap(legs[0], state=state)
    (notice,) = notices_of(alice).listed
    assert (notice.text, notice.level) == (text, level)


def test_only_own_symbols_of_the_last_day_and_no_warm_up(alice: User, legs: list[Instrument]) -> None:
    make_gap(legs[2])
    make_gap(legs[1], hours_ago=25)
    history = make_gap(legs[1], first_id=100)
    Gap.objects.filter(pk=history.pk).update(cause=Gap.Cause.HISTORY)
    assert texts(alice) == []


def test_an_old_gap_that_was_filled_today_is_news_of_today(alice: User, legs: list[Instrument]) -> None:
    make_gap(legs[1], hours_ago=48, state="filled", closed_at=timezone.now())
    assert texts(alice) == ["BBBUSDT: gap filled"]


def test_halts_pauses_and_blocks_are_told(alice: User, legs: list[Instrument]) -> None:
    now = timezone.now()
    for instrument in legs:
        SymbolState.objects.create(instrument=instrument, state="halted", reason="says BREAK", changed_at=now)
    FeedControl.objects.update(is_paused=True, paused_by="staff")
    ConnectionState.objects.create(name="simulated", venue="simulated", state="blocked", reason="451", changed_at=now)
    assert sorted(texts(alice)) == [
        "AAAUSDT is halted",
        "BBBUSDT is halted",
        "The feed is paused",
        "simulated: the exchange refuses us",
    ]


def test_what_is_newer_than_the_last_look_is_unread(alice: User, legs: list[Instrument]) -> None:
    make_gap(legs[0], hours_ago=3)
    make_gap(legs[0], first_id=100, hours_ago=1)
    alice.notices_seen_at = timezone.now() - timedelta(hours=2)
    notices = notices_of(alice)
    assert [is_unread for _, is_unread in notices.rows] == [True, False]
    assert notices.unread == 1


def test_the_list_is_bounded_and_costs_five_queries_however_much_happened(alice: User, legs: list[Instrument]) -> None:
    now = timezone.now()
    Gap.objects.bulk_create(
        Gap(instrument=legs[0], first_id=n * 10, last_id=n * 10, first_ms=1, last_ms=2, cause="cut", opened_at=now)
        for n in range(200)
    )
    with CaptureQueriesContext(connection) as queries:
        assert len(notices_of(alice).listed) == MOST
    assert len(queries) == 5


def test_the_bell_counts_and_looking_makes_it_quiet(alice: User, legs: list[Instrument]) -> None:
    make_gap(legs[0], hours_ago=0.1)
    client = signed_in(alice)
    assert ", 1 unread" in client.get("/health/").content.decode()
    part = client.get("/notices/", {"part": "list"}).content.decode()
    assert 'data-unread="1"' in part
    assert "<html" not in part
    until = part.partition('data-until="')[2].partition('"')[0]
    assert client.post("/notices/", {"until": until}, headers={"Accept": "application/json"}).status_code == 204
    assert "unread" not in client.get("/health/").content.decode()


def test_what_happens_after_the_list_was_made_stays_unread(alice: User, legs: list[Instrument]) -> None:
    hour_ago = int((timezone.now() - timedelta(hours=1)).timestamp() * 1_000)
    make_gap(legs[0], hours_ago=0.5)
    signed_in(alice).post("/notices/", {"until": str(hour_ago)})
    alice.refresh_from_db()
    assert notices_of(alice).unread == 1


@pytest.mark.parametrize("until", ["99999999999999", "x", "", "-1", "١"])
def test_nobody_sees_into_the_future(alice: User, until: str) -> None:
    signed_in(alice).post("/notices/", {"until": until})
    alice.refresh_from_db()
    assert alice.notices_seen_at is not None
    assert alice.notices_seen_at <= timezone.now()


def test_an_older_page_does_not_make_seen_things_new(alice: User) -> None:
    client = signed_in(alice)
    client.post("/notices/")
    client.post("/notices/", {"until": "1000"})
    alice.refresh_from_db()
    assert alice.notices_seen_at is not None
    assert alice.notices_seen_at > timezone.now() - timedelta(minutes=5)


def test_an_empty_list_says_that_all_is_well(alice: User) -> None:
    assert "no gap, no halt, and the feed runs" in signed_in(alice).get("/notices/").content.decode()
    assert Notices([], None).unread == 0
