"""Adding, changing and removing pairs: demand, quota, ownership."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from accounts.models import QuotaOverride, User
from analytics.choices import Choice
from analytics.core.windows import Windows
from analytics.models import Pair, PairSpec
from analytics.pairs import (
    PairRefusedError,
    active_instruments,
    add_pair,
    change_spec,
    find_instrument,
    remove_pair,
    suggested_legs,
)
from market.core.types import Timeframe
from market.errors import QuotaExceeded
from market.models import FeedControl, Instrument, SymbolDemand

pytestmark = pytest.mark.django_db


@pytest.fixture
def instruments(db: None) -> list[Instrument]:
    FeedControl.objects.create(id=1, venue="simulated")
    Instrument.objects.create(venue="binance", symbol="BTCUSDT")
    Instrument.objects.create(venue="simulated", symbol="BADUSDT", is_blocked=True)
    return [
        Instrument.objects.create(venue="simulated", symbol=symbol)
        for symbol in ("BTCUSDT", "ETHUSDT", "SOLUSDT", "我踏马来了USDT")
    ]


def person(name: str, **more: object) -> User:
    return User.objects.create_user(name, f"{name}@example.org", "a long password", **more)


def holders(instrument: Instrument) -> set[str]:
    return set(SymbolDemand.objects.filter(instrument=instrument).values_list("holder", flat=True))


def test_a_pair_makes_demand_for_both_legs(instruments: list[Instrument]) -> None:
    pair = add_pair(person("alice"), instruments[0], instruments[1])
    assert holders(instruments[0]) == holders(instruments[1]) == {f"pair:{pair.pk}"}


def test_a_removed_pair_takes_only_its_own_demand(instruments: list[Instrument]) -> None:
    alice_pair = add_pair(person("alice"), instruments[0], instruments[1])
    bob_pair = add_pair(person("bob"), instruments[0], instruments[2])
    remove_pair(alice_pair)
    assert holders(instruments[0]) == {f"pair:{bob_pair.pk}"}
    assert holders(instruments[1]) == set()


def test_two_users_share_one_spec(instruments: list[Instrument]) -> None:
    pairs = [add_pair(person(name), instruments[0], instruments[1]) for name in ("alice", "bob")]
    assert pairs[0].spec_id == pairs[1].spec_id
    assert PairSpec.objects.count() == 1


def test_defaults_follow_the_timeframe(instruments: list[Instrument]) -> None:
    alice = person("alice")
    minute = add_pair(alice, instruments[0], instruments[1], Choice.default(Timeframe.M1)).spec
    second = add_pair(alice, instruments[0], instruments[2], Choice.default(Timeframe.S1)).spec
    assert (minute.hedge_window, minute.z_window, minute.correlation_window) == (1_440, 240, 240)
    assert (second.hedge_window, second.z_window, second.correlation_window) == (3_600, 600, 600)


def test_a_new_pair_moves_every_second(instruments: list[Instrument]) -> None:
    assert add_pair(person("alice"), instruments[0], instruments[1]).spec.timeframe == Timeframe.S1


def test_changed_settings_leave_the_other_user_alone(instruments: list[Instrument]) -> None:
    mine, hers = (add_pair(person(name), instruments[0], instruments[1]) for name in ("alice", "bob"))
    change_spec(mine, Choice(Timeframe.M1, Windows(120, 60, 60)))
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.spec.timeframe, mine.spec.hedge_window) == (60, 120)
    assert hers.spec.timeframe == 1


def test_one_symbol_cannot_be_both_legs(instruments: list[Instrument]) -> None:
    with pytest.raises(PairRefusedError, match="Choose two different symbols"):
        add_pair(person("alice"), instruments[0], instruments[0])


def test_the_same_legs_twice_are_refused(instruments: list[Instrument]) -> None:
    alice = person("alice")
    add_pair(alice, instruments[0], instruments[1])
    with pytest.raises(PairRefusedError, match="on your list already"):
        add_pair(alice, instruments[0], instruments[1], Choice.default(Timeframe.H1))
    assert SymbolDemand.objects.count() == 2


def test_the_quota_of_the_user_counts_before_the_setting(instruments: list[Instrument]) -> None:
    alice = person("alice")
    QuotaOverride.objects.create(user=alice, name="pairs", most=1)
    add_pair(alice, instruments[0], instruments[1])
    with pytest.raises(QuotaExceeded, match="holds 1 pairs"):
        add_pair(alice, instruments[0], instruments[2])


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_cannot_pass_the_quota(instruments: list[Instrument]) -> None:
    alice = person("alice")
    QuotaOverride.objects.create(user=alice, name="pairs", most=1)

    def add(x: Instrument) -> bool:
        try:
            add_pair(alice, instruments[0], x)
        except QuotaExceeded:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(add, instruments[1:])) == [False, False, True]
    assert Pair.objects.count() == 1


def test_only_open_instruments_of_the_active_venue_are_offered(instruments: list[Instrument]) -> None:
    assert active_instruments() == instruments


def test_wanted_instruments_come_first(instruments: list[Instrument]) -> None:
    SymbolDemand.objects.create(instrument=instruments[2], holder="setting")
    assert active_instruments()[0] == instruments[2]
    assert suggested_legs(active_instruments())[0].y == instruments[2]


def test_a_symbol_is_found_however_it_is_typed(instruments: list[Instrument]) -> None:
    assert find_instrument(" btcusdt ", instruments) == instruments[0]
    assert find_instrument("我踏马来了USDT", instruments) == instruments[3]


def test_an_unknown_symbol_names_the_nearest(instruments: list[Instrument]) -> None:
    with pytest.raises(PairRefusedError, match=r"BTCUSD is not traded on simulated\. Nearest: BTCUSDT"):
        find_instrument("BTCUSD", instruments)


def test_before_the_feed_has_started_it_says_so() -> None:
    with pytest.raises(PairRefusedError, match="no symbols yet"):
        find_instrument("BTCUSDT", active_instruments())


def test_other_timeframes_have_the_windows_of_a_minute() -> None:
    assert Windows.default(Timeframe.H1) == Windows.default(Timeframe.M1)
