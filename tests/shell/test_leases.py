"""Pairs that are only looked at: by their address, a few of them, for a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import QuotaOverride, User
from analytics import leases
from analytics.choices import Choice
from analytics.core.windows import Windows
from analytics.leases import end_leases, find_pair, open_pair, renew
from analytics.models import Pair, PairSpec
from analytics.pairs import Legs, add_pair, change_spec, keep_pair, legs_named
from market.core.types import Timeframe
from market.errors import QuotaExceeded
from market.models import FeedControl, Instrument, SymbolDemand

pytestmark = pytest.mark.django_db
MINUTE = Choice.default(Timeframe.M1)


@pytest.fixture
def legs(db: None) -> Legs:
    FeedControl.objects.create(id=1, venue="simulated")
    y, x = (Instrument.objects.create(venue="simulated", symbol=symbol) for symbol in ("AAAUSDT", "BBBUSDT"))
    return Legs(y, x)


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", "alice@example.org", "a long password")


def choice(window: int) -> Choice:
    return Choice(Timeframe.S1, Windows(window, 120, 120))


def demands() -> set[str]:
    return set(SymbolDemand.objects.values_list("holder", flat=True))


def test_a_lease_is_computed_recorded_and_not_on_the_list(alice: User, legs: Legs) -> None:
    pair = open_pair(alice, legs, MINUTE)
    assert not Pair.objects.owned_by(alice).listed().exists()
    assert PairSpec.objects.filter(pairs__isnull=False).get() == pair.spec
    assert demands() == {f"pair:{pair.pk}"}


def test_the_same_settings_are_the_same_lease(alice: User, legs: Legs) -> None:
    pair = open_pair(alice, legs, MINUTE)
    assert open_pair(alice, legs, MINUTE) == pair == find_pair(alice, legs, MINUTE)
    assert find_pair(alice, Legs(legs.x, legs.y), MINUTE) is None


def test_what_is_on_the_list_needs_no_lease(alice: User, legs: Legs) -> None:
    pair = add_pair(alice, legs.y, legs.x, MINUTE)
    assert open_pair(alice, legs, MINUTE) == pair
    assert Pair.objects.count() == 1


def test_a_lease_is_nobody_elses(alice: User, legs: Legs) -> None:
    open_pair(alice, legs, MINUTE)
    bob = User.objects.create_user("bob", "bob@example.org", "a long password")
    assert find_pair(bob, legs, MINUTE) is None


def test_one_lease_too_many_ends_the_one_not_seen_for_longest(alice: User, legs: Legs) -> None:
    held = [open_pair(alice, legs, choice(100 + number)) for number in range(leases.MOST)]
    open_pair(alice, legs, choice(100))
    newest = open_pair(alice, legs, choice(999))
    left = set(Pair.objects.owned_by(alice))
    assert left == {*held, newest} - {held[1]}
    assert len(demands()) == leases.MOST


def test_the_list_is_no_part_of_that_count(alice: User, legs: Legs) -> None:
    kept = add_pair(alice, legs.y, legs.x, choice(60))
    for number in range(leases.MOST + 2):
        open_pair(alice, legs, choice(100 + number))
    assert Pair.objects.owned_by(alice).listed().get() == kept


def test_a_lease_ends_a_day_after_it_was_looked_at(alice: User, legs: Legs) -> None:
    old, young = open_pair(alice, legs, choice(100)), open_pair(alice, legs, choice(101))
    listed = add_pair(alice, legs.x, legs.y)
    Pair.objects.filter(pk__in=[old.pk, listed.pk]).update(
        seen_at=timezone.now() - leases.LENGTH - timedelta(seconds=1)
    )
    assert end_leases() == 1
    assert set(Pair.objects.all()) == {young, listed}


def test_an_open_page_keeps_its_lease(alice: User, legs: Legs) -> None:
    pair = open_pair(alice, legs, MINUTE)
    Pair.objects.update(seen_at=timezone.now() - leases.LENGTH + timedelta(minutes=1))
    renew({(alice.pk, pair.spec.topic), (alice.pk, "feed"), (alice.pk, "price.simulated:AAAUSDT")})
    pair.refresh_from_db()
    assert pair.seen_at is not None
    assert timezone.now() - pair.seen_at < timedelta(minutes=1)


def test_a_lease_that_is_kept_is_on_the_list(alice: User, legs: Legs) -> None:
    pair = open_pair(alice, legs, MINUTE)
    assert keep_pair(pair) == pair
    assert Pair.objects.owned_by(alice).listed().get() == pair


def test_keeping_other_settings_changes_the_pair_of_the_list(alice: User, legs: Legs) -> None:
    listed = add_pair(alice, legs.y, legs.x)
    lease = open_pair(alice, legs, MINUTE)
    assert keep_pair(lease) == listed
    assert Pair.objects.get().spec == lease.spec
    assert demands() == {f"pair:{listed.pk}"}


def test_a_full_list_keeps_nothing_more(alice: User, legs: Legs) -> None:
    QuotaOverride.objects.create(user=alice, name="pairs", most=0)
    pair = open_pair(alice, legs, MINUTE)
    with pytest.raises(QuotaExceeded, match="0 pairs, your limit"):
        keep_pair(pair)
    assert not Pair.objects.owned_by(alice).listed().exists()


def test_a_pair_takes_the_settings_of_its_own_lease(alice: User, legs: Legs) -> None:
    listed, lease = add_pair(alice, legs.y, legs.x), open_pair(alice, legs, MINUTE)
    assert change_spec(listed, MINUTE).spec == lease.spec
    assert Pair.objects.get() == listed


@pytest.mark.parametrize("name", ["AAAUSDT~BBBUSDT", "aaausdt~bbbUSDT"])
def test_legs_are_found_by_name(legs: Legs, name: str) -> None:
    assert legs_named(name) == legs


@pytest.mark.parametrize("name", ["AAAUSDT", "~", "AAAUSDT~", "AAAUSDT~AAAUSDT", "AAAUSDT~B", "AAAUSDT~\x00", ""])
def test_no_legs_by_other_names(legs: Legs, name: str) -> None:
    assert legs_named(name) is None


def test_a_symbol_may_hold_the_separator(legs: Legs) -> None:
    odd = Instrument.objects.create(venue="simulated", symbol="O~DD")
    assert legs_named("O~DD~AAAUSDT") == Legs(odd, legs.y)
    assert legs_named("AAAUSDT~O~DD") == Legs(legs.y, odd)
