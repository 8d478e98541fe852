"""What happened to a user's own symbols in the last day, from the rows: gaps, halts, a feed that does not run."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from analytics.models import Pair
from market.models import ConnectionState, FeedControl, Gap, SymbolState

SPAN = timedelta(hours=24)
MOST = 50

Level = Literal["good", "warn", "bad"]
_State = Gap.State


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that happened."""

    at: datetime
    level: Level
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Notices:
    """Newest first, and how many of them are newer than what the user has seen."""

    listed: list[Notice]
    seen_at: datetime | None

    @property
    def unread(self) -> int:
        return sum(self.is_unread(notice) for notice in self.listed)

    def is_unread(self, notice: Notice) -> bool:
        return self.seen_at is None or notice.at > self.seen_at

    @property
    def rows(self) -> list[tuple[Notice, bool]]:
        """Each notice, and whether it is unread."""
        return [(notice, self.is_unread(notice)) for notice in self.listed]


def notices_of(user: User) -> Notices:
    """Five queries, whatever happened."""
    legs = Pair.objects.owned_by(user).listed().values_list("spec__y_id", "spec__x_id")
    own = {instrument for pair in legs for instrument in pair}
    found = sorted([*_gaps(own), *_halts(own), *_feed()], key=lambda notice: notice.at, reverse=True)
    return Notices(found[:MOST], user.notices_seen_at)


def mark_seen(user: User, moment: datetime) -> None:
    """What happens after `moment` is still new: the page may be older than this word of it."""
    latest = min(moment, timezone.now())
    if user.notices_seen_at is None or user.notices_seen_at < latest:
        user.notices_seen_at = latest
        user.save(update_fields=["notices_seen_at"])


def _gaps(own: set[int]) -> Iterator[Notice]:
    since = timezone.now() - SPAN
    gaps = (
        Gap.objects.filter(Q(opened_at__gte=since) | Q(closed_at__gte=since), instrument__in=own)
        .exclude(cause=Gap.Cause.HISTORY)
        .select_related("instrument")
        .order_by("-opened_at")
    )
    return (_of_gap(gap) for gap in gaps[:MOST])


def _of_gap(gap: Gap) -> Notice:
    symbol, count = gap.instrument.symbol, gap.last_id - gap.first_id + 1
    trades = f"{count:,} trade{'' if count == 1 else 's'}"
    cause = Gap.Cause(gap.cause).label
    match gap.state:
        case _State.FILLED:
            return Notice(
                gap.closed_at or gap.opened_at, "good", f"{symbol}: gap filled", f"{trades} fetched: {cause}."
            )
        case _State.LOST:
            return Notice(gap.closed_at or gap.opened_at, "bad", f"{symbol}: {trades} lost", gap.last_error or cause)
        case _State.WAITING_FOR_DUMP:
            return Notice(
                gap.opened_at, "warn", f"{symbol}: {trades} miss", "They wait for the exchange's file of the day."
            )
    return Notice(gap.opened_at, "warn", f"{symbol}: {trades} miss", f"They are being fetched: {cause}.")


def _halts(own: set[int]) -> Iterator[Notice]:
    states = SymbolState.objects.filter(instrument__in=own, state=SymbolState.State.HALTED)
    for state in states.select_related("instrument")[:MOST]:
        yield Notice(state.changed_at, "bad", f"{state.instrument.symbol} is halted", state.reason)


def _feed() -> Iterator[Notice]:
    control = FeedControl.objects.filter(id=1, is_paused=True).first()
    if control:
        by = f"Paused by {control.paused_by}. " if control.paused_by else ""
        yield Notice(control.changed_at, "warn", "The feed is paused", f"{by}Nothing is recorded.")
    for link in ConnectionState.objects.filter(state=SymbolState.State.BLOCKED):
        yield Notice(link.changed_at, "bad", f"{link.name}: the exchange refuses us", link.reason)
