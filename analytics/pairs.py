"""What a user does to the list of pairs: add, change, remove. Demand for the symbols follows."""

import logging
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import combinations

from celery import current_app
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from accounts.quotas import pair_quota, quota_of
from analytics.choices import Choice
from analytics.models import Pair, PairSpec
from market.errors import LivepairsError, QuotaExceeded
from market.models import FeedControl, Instrument, SymbolDemand

log = logging.getLogger(__name__)
SUGGESTIONS = 3


class PairRefusedError(LivepairsError):
    """A pair that cannot be made; the text is for the user."""


@dataclass(frozen=True, slots=True)
class Legs:
    """Two instruments that may become a pair."""

    y: Instrument
    x: Instrument


def active_instruments() -> "list[Instrument]":
    """What can be recorded now: open instruments of the venue that the feed records, wanted ones first."""
    venue = FeedControl.objects.filter(id=1).values_list("venue", flat=True).first()
    found = Instrument.objects.filter(venue=venue or "", is_blocked=False).prefetch_related("demands")
    return sorted(found, key=lambda instrument: (not instrument.demands.all(), instrument.id))


def find_instrument(symbol: str, instruments: list[Instrument]) -> Instrument:
    """The instrument of a typed symbol; PairRefusedError names the nearest ones."""
    if not instruments:
        raise PairRefusedError(
            "The feed has no symbols yet. Wait until it has started; the health page shows its state."
        )
    typed = symbol.strip()
    by_symbol = {instrument.symbol: instrument for instrument in instruments}
    by_upper = {instrument.symbol.upper(): instrument for instrument in instruments}
    found = by_symbol.get(typed) or by_upper.get(typed.upper())
    if found is not None:
        return found
    blocked = Instrument.objects.filter(venue=instruments[0].venue, symbol__iexact=typed, is_blocked=True).first()
    if blocked is not None:
        raise PairRefusedError(blocked_words(blocked))
    near = get_close_matches(typed.upper(), by_upper, n=3, cutoff=0.5)
    hint = f"Nearest: {', '.join(by_upper[name].symbol for name in near)}." if near else "Choose one from the list."
    raise PairRefusedError(f"{typed or 'An empty name'} is not traded on {instruments[0].venue}. {hint}")


def legs_named(name: str) -> Legs | None:
    """The legs of `A~B` on the venue that the feed records, whatever their state; letter case is forgiven.

    A symbol may itself hold a "~".
    """
    parts = name.split("~")
    for at in range(1, len(parts)):
        y, x = (_known(symbol) for symbol in ("~".join(parts[:at]), "~".join(parts[at:])))
        if y and x and y.pk != x.pk:
            return Legs(y, x)
    return None


def _known(symbol: str) -> Instrument | None:
    if not symbol.isprintable():
        return None
    venue = FeedControl.objects.filter(id=1).values_list("venue", flat=True).first()
    found = Instrument.objects.filter(venue=venue or "")
    return found.filter(symbol=symbol).first() or found.filter(symbol__iexact=symbol).first()


def suggested_legs(instruments: list[Instrument]) -> list[Legs]:
    """A few pairs for an empty list, from the symbols that are recorded anyway."""
    open_ones = [instrument for instrument in instruments if instrument.status == "TRADING"]
    neighbours = zip(open_ones[::2], open_ones[1::2], strict=False)
    legs = dict.fromkeys([*neighbours, *combinations(open_ones[: SUGGESTIONS + 1], 2)])
    return [Legs(y, x) for y, x in legs][:SUGGESTIONS]


def add_pair(user: User, y: Instrument, x: Instrument, choice: Choice | None = None) -> Pair:
    """Put a pair on the user's list and have both legs recorded. One-second bars: the first screen moves at once."""
    if y.id == x.id:
        raise PairRefusedError(f"{y.symbol} cannot be both legs. Choose two different symbols.")
    with transaction.atomic():
        owner = _with_room(user)
        if Pair.objects.owned_by(owner).listed().filter(spec__y=y, spec__x=x).exists():
            raise PairRefusedError(
                f"{y.symbol} on {x.symbol} is on your list already. Open it and change its settings."
            )
        return follow(owner, Legs(y, x), choice or Choice.default(), on_list=True)


def keep_pair(pair: Pair) -> Pair:
    """Put what the user only looks at on the list; a pair of the same legs there takes its settings instead."""
    legs = Legs(pair.spec.y, pair.spec.x)
    with transaction.atomic():
        listed = Pair.objects.owned_by(pair.owner).listed().filter(spec__y=legs.y, spec__x=legs.x).first()
        if listed is not None:
            return change_spec(listed, Choice.of(pair.spec))
        return follow(_with_room(pair.owner), legs, Choice.of(pair.spec), on_list=True)


def change_spec(pair: Pair, choice: Choice) -> Pair:
    """Look at the same legs through another timeframe, other windows or another method."""
    before = pair.spec
    with transaction.atomic():
        spec = _spec(before.y, before.x, choice)
        # A lease of the very settings becomes the pair itself
        for lease in Pair.objects.owned_by(pair.owner).leased().filter(spec=spec):
            _drop(lease)
        try:
            with transaction.atomic():
                Pair.objects.filter(pk=pair.pk).update(spec=spec)
        except IntegrityError:
            raise PairRefusedError("Another pair on your list has exactly these settings.") from None
        _start_after_commit(spec.pk)
        if spec.pk != before.pk:
            _revoke_after_commit(pair.owner_id, before)
    pair.spec = spec
    return pair


def remove_pair(pair: Pair) -> None:
    """Take the pair off the list; its symbols are recorded on only if somebody else wants them."""
    forget(pair)


def follow(owner: User, legs: Legs, choice: Choice, *, on_list: bool) -> Pair:
    """The user's row for these legs with these settings, computed and recorded from now on."""
    _check_symbols(owner, legs)
    spec = _spec(legs.y, legs.x, choice)
    pair, is_new = Pair.objects.get_or_create(
        owner=owner, spec=spec, defaults={"on_list": on_list, "seen_at": timezone.now()}
    )
    if on_list and not pair.on_list:
        Pair.objects.filter(pk=pair.pk).update(on_list=True)
        pair.on_list = True
    if is_new:
        SymbolDemand.objects.bulk_create(
            [SymbolDemand(instrument=leg, holder=_holder(pair)) for leg in (legs.y, legs.x)], ignore_conflicts=True
        )
        _start_after_commit(spec.pk)
    return pair


def forget(pair: Pair) -> None:
    """No longer followed; open pages of it are told so."""
    with transaction.atomic():
        _revoke_after_commit(pair.owner_id, pair.spec)
        _drop(pair)


def _drop(pair: Pair) -> None:
    SymbolDemand.objects.filter(holder=_holder(pair)).delete()
    pair.delete()


def _with_room(user: User) -> User:
    """The user with a place left on the list. The row is the lock of the quota: requests are counted one by one."""
    owner = User.objects.select_for_update().get(pk=user.pk)
    if Pair.objects.owned_by(owner).listed().count() >= pair_quota(owner):
        raise QuotaExceeded(
            f"Your list holds {pair_quota(owner)} pairs, your limit. Remove one first, or ask staff for more."
        )
    return owner


def symbols_of(user: User) -> set[int]:
    """Instruments that are recorded for the user's pairs, those of the list and those looked at."""
    legs = Pair.objects.owned_by(user).order_by().values_list("spec__y_id", "spec__x_id")
    return {leg for pair in legs for leg in pair}


def _check_symbols(user: User, legs: Legs) -> None:
    """No blocked one, and no more than the user may have recorded. Callers hold the user's row."""
    held = symbols_of(user)
    new = [leg for leg in (legs.y, legs.x) if leg.pk not in held]
    for leg in new:
        if leg.is_blocked:
            raise PairRefusedError(blocked_words(leg))
    most = quota_of(user, "symbols") if new else 0
    if new and len(held) + len(new) > most:
        raise QuotaExceeded(
            f"Your pairs use {len(held)} symbols and this one adds {len(new)}; your limit is {most}. "
            "Remove a pair first, or ask staff for more."
        )


def blocked_words(instrument: Instrument) -> str:
    """Why a symbol cannot be chosen, for users."""
    reason = instrument.blocked_reason or "no reason was given"
    return f"{instrument.symbol} is blocked by those who run this site: {reason}. Choose another symbol."


def _spec(y: Instrument, x: Instrument, choice: Choice) -> PairSpec:
    spec, _ = PairSpec.objects.get_or_create(y=y, x=x, **choice.columns)
    return spec


def _holder(pair: Pair) -> str:
    return f"pair:{pair.pk}"


def _start_after_commit(spec_id: int) -> None:
    transaction.on_commit(lambda: _start(spec_id))


def _start(spec_id: int) -> None:
    """Have the statistics of a spec computed soon; without Redis the sweep of beat does it later."""
    queue = f"live.{spec_id % settings.LIVE_SHARDS}"
    try:
        current_app.send_task("analytics.tasks.start_spec", args=[spec_id], queue=queue, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("spec %s starts with the next sweep, Redis is away: %s", spec_id, error)


def _revoke_after_commit(owner_id: int, spec: PairSpec) -> None:
    """Tell open pages that this topic is no longer theirs."""
    from analytics.publish import revoke

    transaction.on_commit(lambda: revoke(owner_id, spec.topic))
