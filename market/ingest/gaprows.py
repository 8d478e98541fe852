"""Questions and changes on gap rows that the back-filler needs."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from market.ingest.fills import UNREACHABLE
from market.ingest.gaps import Mark
from market.ingest.pages import TRIES, Wanted
from market.models import Gap

_UNFINISHED = (Gap.State.OPEN, Gap.State.FILLING)


@dataclass(frozen=True, slots=True)
class Due:
    """The gap to work on next."""

    wanted: Wanted
    instrument: int
    symbol: str
    is_history: bool
    is_fresh: bool


def next_due(venue: str) -> Due | None:
    """The unfinished gap that leaves REST's reach first; warm-up last, newest first: all symbols grow evenly."""
    due = (
        Gap.objects.filter(instrument__venue=venue, instrument__is_blocked=False, state__in=_UNFINISHED)
        .filter(Q(next_try_at=None) | Q(next_try_at__lte=timezone.now()))
        .select_related("instrument")
    )
    gap = due.exclude(cause=Gap.Cause.HISTORY).order_by("first_ms", "id").first()
    gap = gap or due.filter(cause=Gap.Cause.HISTORY).order_by("-last_ms", "id").first()
    if gap is None:
        return None
    is_history = gap.cause == Gap.Cause.HISTORY
    return Due(
        wanted=_wanted(gap, backwards=is_history and gap.tries < TRIES),
        instrument=gap.instrument_id,
        symbol=gap.instrument.symbol,
        is_history=is_history,
        is_fresh=gap.state == Gap.State.OPEN and gap.tries == 0,
    )


def _wanted(gap: Gap, *, backwards: bool) -> Wanted:
    return Wanted(
        gap_id=gap.id,
        first_id=gap.first_id,
        last_id=gap.last_id,
        first_ms=gap.first_ms,
        last_ms=gap.last_ms,
        tries=gap.tries,
        backwards=backwards,
    )


def within(due: Due, last_id: int) -> list[Wanted]:
    """Later gaps of the same instrument that end at or before `last_id`: a page that reaches there holds them too."""
    gaps = (
        Gap.objects.filter(instrument_id=due.instrument, state__in=_UNFINISHED)
        .filter(first_id__gt=due.wanted.last_id, last_id__lte=last_id)
        .exclude(cause=Gap.Cause.HISTORY)
        .order_by("first_id")
    )
    return [_wanted(gap, backwards=False) for gap in gaps]


def is_complete(due: Due) -> bool:
    """Whether all ids of the gap are stored by now; the times bound the partitions looked at."""
    wanted = due.wanted
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM market_tick WHERE instrument_id = %s AND trade_id BETWEEN %s AND %s "
            "AND traded_at BETWEEN to_timestamp(%s) - interval '1 minute' AND to_timestamp(%s) + interval '1 minute'",
            [due.instrument, wanted.first_id, wanted.last_id, wanted.first_ms / 1000, wanted.last_ms / 1000],
        )
        (count,) = cursor.fetchone()
    return bool(count == wanted.last_id - wanted.first_id + 1)


def postpone(gap_id: int, reason: str, seconds: float) -> None:
    """Ask again later."""
    later = timezone.now() + timedelta(seconds=seconds)
    Gap.objects.filter(id=gap_id, state__in=_UNFINISHED).update(
        tries=F("tries") + 1, next_try_at=later, last_error=reason[:500]
    )


def leave_to_dump(gap_id: int) -> None:
    """REST does not reach these ids any more."""
    Gap.objects.filter(id=gap_id, state__in=_UNFINISHED).update(
        state=Gap.State.WAITING_FOR_DUMP, last_error=UNREACHABLE
    )


def oldest_tick(instrument: int) -> Mark | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint FROM market_tick "
            "WHERE instrument_id = %s ORDER BY trade_id LIMIT 1",
            [instrument],
        )
        found = cursor.fetchone()
    return Mark(*found) if found else None


def has_history(instrument: int) -> bool:
    return Gap.objects.filter(instrument_id=instrument, cause=Gap.Cause.HISTORY).exists()


def open_history(instrument: int, first_id: int, first_ms: int, oldest: Mark) -> None:
    """The warm-up of a symbol: everything between the first id wanted and the oldest tick stored."""
    Gap.objects.get_or_create(
        instrument_id=instrument,
        first_id=first_id,
        last_id=oldest.trade_id - 1,
        defaults={"first_ms": first_ms, "last_ms": oldest.traded_ms, "cause": Gap.Cause.HISTORY},
    )
