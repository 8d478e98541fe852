"""What is found for what is typed, by whom, at what cost."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from analytics.pairs import add_pair
from analytics.search import MOST_RESULTS, find, nearest_pairs
from market.models import FeedControl, Instrument
from tests.shell.access_cast import make_user

pytestmark = pytest.mark.django_db
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "WBTCUSDT", "ETCUSDT")


@pytest.fixture
def market(db: None) -> dict[str, Instrument]:
    FeedControl.objects.create(id=1, venue="simulated")
    Instrument.objects.create(venue="elsewhere", symbol="BTCEUR")
    Instrument.objects.create(venue="simulated", symbol="BTCDEAD", status="GONE")
    return {name: Instrument.objects.create(venue="simulated", symbol=name) for name in SYMBOLS}


@pytest.fixture
def alice(market: dict[str, Instrument]) -> User:
    alice = make_user("alice")
    add_pair(alice, market["SOLUSDT"], market["ETHUSDT"])
    return alice


def labels(user: User, text: str) -> list[str]:
    return [found.label for found in find(user, text)]


def test_the_own_list_comes_first_and_alone_without_words(alice: User) -> None:
    assert labels(alice, "") == ["SOLUSDT on ETHUSDT"]
    found = labels(alice, "eth")
    assert found[0] == "SOLUSDT on ETHUSDT"
    assert found.count("SOLUSDT on ETHUSDT") == 1


def test_two_words_are_both_legs_in_the_order_typed_first(alice: User) -> None:
    found = labels(alice, "btc eth")
    assert found[0] == "BTCUSDT on ETHUSDT"
    assert found.index("BTCUSDT on ETHUSDT") < found.index("WBTCUSDT on ETHUSDT") < found.index("ETHUSDT on BTCUSDT")


def test_one_word_goes_with_what_is_recorded_anyway(alice: User) -> None:
    assert labels(alice, "etc") == ["ETCUSDT on ETHUSDT", "ETCUSDT on SOLUSDT"]


def test_symbols_of_other_venues_and_dead_ones_are_not_found(alice: User) -> None:
    assert not [label for label in labels(alice, "btc eth") if "EUR" in label or "DEAD" in label]


def test_a_pair_has_two_different_legs(alice: User) -> None:
    assert all(len(set(label.split(" on "))) == 2 for label in labels(alice, "btc btc"))


@pytest.mark.parametrize("text", ["%", "_", "\\", "\0", "' OR 1=1 --", "~~~", "x" * 500, "١", "a b c d e f g h"])
def test_odd_texts_find_nothing_and_break_nothing(alice: User, text: str) -> None:
    assert [label for label in labels(alice, text) if label != "SOLUSDT on ETHUSDT"] == []


def test_a_pair_is_found_by_its_name_and_by_either_leg(alice: User) -> None:
    alice.pairs.update(name="Layer ones")
    for text in ("layer", "sol", "eth sol", "SOLUSDT~ETHUSDT", "sol/eth"):
        assert labels(alice, text)[0] == "SOLUSDT on ETHUSDT"


def test_nobody_finds_the_list_of_another(alice: User) -> None:
    assert labels(make_user("mallory"), "") == []
    details = [found.detail for found in find(make_user("bob"), "sol eth")]
    assert details
    assert not [detail for detail in details if "your list," in detail]


def test_results_are_few_and_cost_two_queries_however_many_match(alice: User, market: dict[str, Instrument]) -> None:
    Instrument.objects.bulk_create(Instrument(venue="simulated", symbol=f"BTC{n}USDT") for n in range(300))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert len(find(alice, "btc usdt")) == MOST_RESULTS
    assert len(queries) == 2


def test_the_api_tells_label_detail_and_address(alice: User, client: Client) -> None:
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    (first, *_) = client.get("/api/v1/search", {"q": "sol eth"}).json()["results"]
    assert first == {"label": "SOLUSDT on ETHUSDT", "detail": "on your list, 1s", "href": "/pairs/SOLUSDT~ETHUSDT/"}
    assert client.get("/api/v1/search", {"q": "x" * 65}).status_code == 422


def test_addresses_are_safe_for_any_symbol(alice: User, market: dict[str, Any]) -> None:
    Instrument.objects.create(venue="simulated", symbol='币"/<安')
    assert find(alice, "币 eth")[0].href == "/pairs/%E5%B8%81%22%2F%3C%E5%AE%89~ETHUSDT/"


def test_the_page_answers_without_scripts(alice: User, client: Client) -> None:
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")
    text = client.get("/search/", {"q": "<b>"}).content.decode()
    assert "No pair matches “&lt;b&gt;”." in text
    assert 'href="/pairs/SOLUSDT~ETHUSDT/"' in client.get("/search/", {"q": "sol"}).content.decode()


def test_the_nearest_pairs_of_a_misspelt_address(alice: User) -> None:
    assert nearest_pairs("/pairs/BTCUSD~ETHUSD/")[0].label == "BTCUSDT on ETHUSDT"
    assert nearest_pairs("/pairs/BTCUSD~ETHUSD/history/")[0].label == "BTCUSDT on ETHUSDT"
    for path in ("/pairs/x/", "/dashboard/", "/pairs/~/", "/pairs/%00~%00/"):
        assert nearest_pairs(path) == []
