"""Pairs by the API: list in few queries, add, change, remove; whoever asks."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import QuotaOverride
from analytics.choices import Choice
from analytics.leases import open_pair
from analytics.models import Pair
from analytics.pairs import Legs, follow
from market.core.types import Timeframe
from market.models import Instrument
from tests.shell.rest_support import Script, make_pair, make_script, store_snapshots

pytestmark = pytest.mark.django_db


@pytest.fixture
def script() -> Script:
    return make_script()


@pytest.fixture
def pair(script: Script) -> Pair:
    return make_pair(script.user)


def problem(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["where"]


def test_the_list_has_the_newest_snapshot(script: Script, pair: Pair) -> None:
    store_snapshots(pair, 4)
    (item,) = script.read("pairs")["items"]
    assert (item["id"], item["y"], item["x"], item["timeframe"]) == (
        pair.pk,
        "simulated:AAAUSDT",
        "simulated:BBBUSDT",
        "1s",
    )
    assert item["topic"] == pair.spec.topic
    assert item["latest"]["opened_at"] == "2026-03-01T12:00:03.000Z"
    assert (item["latest"]["price_y"], item["latest"]["zscore"]) == (103.0, None)
    assert item["latest"]["unknown"] == {"z": "warming up 1 of 30"}


def test_a_pair_without_a_bar_has_no_snapshot(script: Script, pair: Pair) -> None:
    assert script.read(f"pairs/{pair.pk}")["latest"] is None


def test_the_list_costs_the_same_queries_whatever_its_length(script: Script, pair: Pair) -> None:
    script.read("pairs")
    with CaptureQueriesContext(
        connection,
    ) as one:
        script.read("pairs")
    for number in range(10):
        x = Instrument.objects.create(venue="simulated", symbol=f"X{number}USDT")
        store_snapshots(follow(script.user, Legs(pair.spec.y, x), Choice.default(), on_list=True), 2)
    with CaptureQueriesContext(connection) as many:
        assert len(script.read("pairs")["items"]) == 11
    assert len(many) == len(one) == 2


def test_what_is_only_looked_at_is_not_on_the_list(script: Script, pair: Pair) -> None:
    lease = open_pair(script.user, Legs(pair.spec.y, pair.spec.x), Choice.default(Timeframe.M5))
    assert [item["id"] for item in script.read("pairs")["items"]] == [pair.pk]
    assert script.ask(f"pairs/{lease.pk}").status_code == 404


def test_a_pair_is_added_with_settings(script: Script, pair: Pair) -> None:
    body = {"y": "bbbusdt", "x": "simulated:AAAUSDT", "timeframe": "5m", "hedge": "kalman", "z_window": 50, "name": "n"}
    answer = script.ask("pairs", "POST", body)
    assert answer.status_code == 201
    told = script.ask(answer["Location"].removeprefix("/api/v1/")).json()
    assert told == answer.json()
    assert (told["timeframe"], told["hedge"], told["z_window"], told["name"]) == ("5m", "kalman", 50, "n")
    assert Pair.objects.owned_by(script.user).count() == 2


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"y": "AAAUSDT"}, "body.body.x"),
        ({"y": "NONE", "x": "BBBUSDT"}, "body.y"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "timeframe": "2m"}, "body.timeframe"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "hedge": "magic"}, "body.hedge"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "hedge_window": 20}, "body.hedge_window"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "z_window": 10**9}, "body.body.z_window"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "lags": "many"}, "body.lags"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "name": "a\0b"}, "body.body.name"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "owner": 1}, "body.body.owner"),
        ({"y": "BBBUSDT", "x": "AAAUSDT", "id": 1}, "body.body.id"),
    ],
)
def test_a_pair_that_cannot_be_made_says_which_value(
    body: dict[str, Any], where: str, script: Script, pair: Pair
) -> None:
    assert problem(script.ask("pairs", "POST", body)) == (422, where)
    assert Pair.objects.count() == 1


def test_a_pair_that_is_there_and_a_full_list_are_conflicts(script: Script, pair: Pair) -> None:
    legs = {"y": "AAAUSDT", "x": "BBBUSDT"}
    assert problem(script.ask("pairs", "POST", legs)) == (409, "pairs")
    QuotaOverride.objects.create(user=script.user, name="pairs", most=1)
    answer = script.ask("pairs", "POST", {"y": "BBBUSDT", "x": "AAAUSDT"})
    assert problem(answer) == (409, "pairs")
    assert answer.json()["what"] == "Your list holds 1 pairs, your limit."


def test_what_is_not_sent_is_not_changed(script: Script, pair: Pair) -> None:
    script.ask(f"pairs/{pair.pk}", "PATCH", {"note": "first", "z_window": 77})
    told = script.ask(f"pairs/{pair.pk}", "PATCH", {"name": "mine"}).json()
    assert (told["note"], told["name"], told["z_window"], told["timeframe"]) == ("first", "mine", 77, "1s")


def test_another_timeframe_brings_its_usual_windows(script: Script, pair: Pair) -> None:
    script.ask(f"pairs/{pair.pk}", "PATCH", {"z_window": 77, "hedge": "tls"})
    told = script.ask(f"pairs/{pair.pk}", "PATCH", {"timeframe": "5m"}).json()
    usual = Choice.default(Timeframe.M5).windows
    assert (told["z_window"], told["hedge_window"], told["hedge"]) == (usual.z, usual.hedge, "tls")


def test_a_removed_pair_is_gone(script: Script, pair: Pair) -> None:
    assert script.ask(f"pairs/{pair.pk}", "DELETE").status_code == 204
    assert problem(script.ask(f"pairs/{pair.pk}", "DELETE")) == (404, "pair_id")


def test_me_tells_account_quotas_and_rate(script: Script, pair: Pair) -> None:
    told = script.read("me")
    assert (told["username"], told["email"]) == ("alice", "alice@example.org")
    assert told["quotas"] == {"pairs": {"used": 1, "limit": 20}, "tokens": {"used": 1, "limit": 20}}
    assert (told["rate"]["used"], told["rate"]["limit"]) == (1, 600)
    assert (told["token"]["name"], told["token"]["scopes"]) == ("script", ["read", "write", "export"])
