"""What staff do to the record: block a symbol, compute bars anew, ask for missing trades again.

Each has a question that says in numbers what it would do, and the deed. Both take what they act on as a query set.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone

from accounts.audit import By, record
from market.core.types import Timeframe
from market.errors import LivepairsError
from market.ingest.recorder import ORDER_LOCK, newest_tick
from market.models import Bar, Gap, IngestBatch, Instrument, SymbolDemand

#: bars of so many hours are computed anew at once; a bar worker is busy with them meanwhile
MOST_HOURS = 24
MOST_TRADES = 2_000_000
HOUR_MS = 3_600_000


class DeskError(LivepairsError, ValueError):
    """What is asked for cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Rerun:
    """Stored trades of one instrument from which bars are computed anew, in parts that are [id, id, ms, ms, count]."""

    instrument: Instrument
    parts: list[list[int]]

    @property
    def trades(self) -> int:
        return sum(part[-1] for part in self.parts)

    @property
    def bars(self) -> int:
        """Stored bars that these trades touch."""
        return sum(
            Bar.objects.filter(
                instrument=self.instrument,
                source=Bar.TICKS,
                timeframe=timeframe,
                last_id__gte=self.parts[0][0],
                first_id__lte=self.parts[-1][1],
            ).count()
            for timeframe in (Timeframe if self.parts else ())
        )


@dataclass(frozen=True, slots=True)
class Refill:
    """Gaps that are asked for again, the trades that miss in them, and how many are older than the exchange serves."""

    gaps: int
    trades: int
    too_old: int


def effects_of_blocking(instruments: QuerySet[Instrument]) -> list[str]:
    """What blocking them would do, in numbers. Every demand of a pair is one live view."""
    open_ones = instruments.filter(is_blocked=False)
    names = ", ".join(open_ones.order_by("symbol").values_list("symbol", flat=True)) or "none of them is open"
    views = SymbolDemand.objects.filter(instrument__in=open_ones, holder__startswith="pair:").aggregate(
        n=Count("holder", distinct=True)
    )["n"]
    return [
        f"Stops the recording of {open_ones.count():,} symbols: {names}",
        f"Stops {views:,} live views that use them; their pairs stay on the lists and can be read",
        "Nobody can choose them for a new pair, and everybody who tries reads the reason",
    ]


def effects_of_unblocking(instruments: QuerySet[Instrument]) -> list[str]:
    blocked = instruments.filter(is_blocked=True)
    wanted = blocked.filter(demands__isnull=False).distinct().count()
    return [
        f"Lets {blocked.count():,} symbols be chosen again",
        f"Records {wanted:,} of them at once, because somebody wants them",
    ]


def effects_of_rerun(instruments: QuerySet[Instrument], hours: int) -> list[str]:
    lines = []
    for instrument in instruments:
        try:
            rerun = rerun_of(instrument, hours)
        except DeskError as error:
            lines.append(str(error).rstrip("."))
        else:
            lines.append(
                f"{instrument.symbol}: computes {rerun.bars:,} stored bars anew from the {rerun.trades:,} trades "
                f"of the newest {hours} hour(s) of its record"
            )
    return [*lines, "Bars that come out differently get a new revision, and pairs that use them follow"]


def effects_of_refill(gaps: QuerySet[Gap]) -> list[str]:
    found = refill_of(gaps)
    lines = [f"Asks the exchange for {found.trades:,} trades of {found.gaps:,} gaps"]
    if found.too_old:
        hours = int(settings.REST_DEPTH.total_seconds() // 3_600)
        lines.append(f"{found.too_old:,} of them are older than the {hours} h that the exchange serves and stay open")
    return lines


def block(instruments: QuerySet[Instrument], reason: str, who: By) -> list[Instrument]:
    """Record them no longer and let nobody choose them, for a reason that users read; those that were not blocked."""
    with transaction.atomic():
        open_ones = list(instruments.select_for_update().filter(is_blocked=False))
        Instrument.objects.filter(pk__in=[each.pk for each in open_ones]).update(
            is_blocked=True, blocked_reason=reason[:200]
        )
        for each in open_ones:
            record(who, "symbol blocked", subject=str(each), after={"reason": reason[:200]})
    return open_ones


def unblock(instruments: QuerySet[Instrument], who: By) -> list[Instrument]:
    """Record them again if somebody wants them; those that were blocked. What was missed meanwhile becomes a gap."""
    with transaction.atomic():
        blocked = list(instruments.select_for_update().filter(is_blocked=True))
        Instrument.objects.filter(pk__in=[each.pk for each in blocked]).update(is_blocked=False, blocked_reason="")
        for each in blocked:
            record(who, "symbol unblocked", subject=str(each), before={"reason": each.blocked_reason})
    return blocked


def rerun_of(instrument: Instrument, hours: int) -> Rerun:
    """What the newest so many hours of its record hold; DeskError for more than a worker should do at once."""
    if not 1 <= hours <= MOST_HOURS:
        raise DeskError(f"{hours} hours are outside 1 to {MOST_HOURS}.")
    newest = newest_tick(instrument.pk)
    if newest is None:
        return Rerun(instrument, [])
    # From a full hour on: a bar that is not stored at all must not be made of a part of its trades
    start_ms = (newest.traded_ms - hours * HOUR_MS) // HOUR_MS * HOUR_MS
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, {"instrument": instrument.pk, "start": start_ms / 1_000})
        rerun = Rerun(instrument, [list(row) for row in cursor.fetchall()])
    if rerun.trades > MOST_TRADES:
        raise DeskError(
            f"{instrument.symbol} has {rerun.trades:,} trades in {hours} hours; at most {MOST_TRADES:,} at once. "
            "Choose fewer hours."
        )
    return rerun


def rerun_bars(rerun: Rerun, who: By) -> None:
    """Hand the stored trades to the bar workers again, as batches: a bar whose trades are known is computed anew."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])
        venue = rerun.instrument.venue
        newest = IngestBatch.objects.filter(venue=venue).order_by("-id").first()
        IngestBatch.objects.bulk_create(
            IngestBatch(
                venue=venue,
                committed_at=timezone.now(),
                watermark_ms=newest.watermark_ms if newest else part[3],
                ranges=[[rerun.instrument.pk, *part]],
            )
            for part in rerun.parts
        )
        record(who, "bars computed anew", subject=str(rerun.instrument), after={"trades": rerun.trades})


def refill_of(gaps: QuerySet[Gap]) -> Refill:
    """What asking again for those that are not filled would mean."""
    unfilled = gaps.exclude(state=Gap.State.FILLED)
    oldest_ms = int((timezone.now() - settings.REST_DEPTH).timestamp() * 1_000)
    sums = unfilled.aggregate(first=Sum("first_id"), last=Sum("last_id"), gaps=Count("id"))
    missing = (sums["last"] or 0) - (sums["first"] or 0) + sums["gaps"]
    return Refill(sums["gaps"], missing, unfilled.filter(last_ms__lt=oldest_ms).count())


def refill(gaps: QuerySet[Gap], who: By) -> list[Gap]:
    """Ask the exchange for them now, whatever was given up before."""
    with transaction.atomic():
        unfilled = list(
            gaps.select_related("instrument").select_for_update(of=("self",)).exclude(state=Gap.State.FILLED)
        )
        Gap.objects.filter(pk__in=[gap.pk for gap in unfilled]).update(
            state=Gap.State.OPEN, tries=0, next_try_at=None, last_error="", closed_at=None
        )
        for gap in unfilled:
            before, after = ({"state": state, "gap": gap.pk} for state in (gap.state, Gap.State.OPEN))
            record(who, "gap asked for again", subject=str(gap.instrument), before=before, after=after)
    return unfilled


_PARTS = """
    SELECT min(trade_id), max(trade_id), (extract(epoch FROM min(traded_at)) * 1000)::bigint,
        (extract(epoch FROM max(traded_at)) * 1000)::bigint, count(*)
    FROM market_tick
    WHERE instrument_id = %(instrument)s AND traded_at >= to_timestamp(%(start)s)
    GROUP BY floor(extract(epoch FROM traded_at) / 3600) ORDER BY 1
"""
