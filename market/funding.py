"""Funding of perpetuals as the venue told it: stored, and as the topic `funding.<venue:SYMBOL>` says it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from market.models import FundingRate, FundingState, Instrument
from market.topics import encode
from market.venues.base import Funding, Settled

#: the venue is asked this often
POLL = timedelta(seconds=60)
#: what was told longer ago is no longer known
LATE = 3 * POLL
#: fundings that took place are asked for so far back at the first start
HISTORY = timedelta(days=1)
_FIELDS = ("rate", "interval_hours", "next_at", "mark_price", "told_at")


def store(
    venue: str, found: Sequence[Funding], intervals: Mapping[str, int] | None, standard_hours: int
) -> dict[str, str]:
    """Keep what the venue told of instruments that are recorded; the frames by topic.

    `intervals` None: not told yet, so the interval stays as it was. A row that the venue itself made long before the
    others is of a contract that it no longer funds.
    """
    wanted = {each.symbol: each for each in Instrument.objects.wanted().filter(venue=venue)}
    before = dict(FundingState.objects.filter(instrument__venue=venue).values_list("instrument_id", "interval_hours"))
    newest_ms = max((row.at_ms for row in found), default=0)
    told_at = timezone.now()
    states = {
        row.symbol: FundingState(
            instrument=wanted[row.symbol],
            rate=row.rate,
            mark_price=row.mark_price,
            next_at=_moment(row.next_ms),
            told_at=told_at,
            interval_hours=before.get(wanted[row.symbol].pk)
            if intervals is None
            else intervals.get(row.symbol, standard_hours),
        )
        for row in found
        if row.symbol in wanted and newest_ms - row.at_ms <= _in_ms(LATE)
    }
    FundingState.objects.bulk_create(
        states.values(), update_conflicts=True, unique_fields=["instrument"], update_fields=list(_FIELDS)
    )
    return {topic_of(state.instrument): funding_frame(state.instrument, state) for state in states.values()}


def store_settled(venue: str, found: Sequence[Settled]) -> None:
    """Keep fundings that took place, of every contract that is listed; twice is once."""
    known = dict(Instrument.objects.filter(venue=venue).values_list("symbol", "id"))
    FundingRate.objects.bulk_create(
        [
            FundingRate(instrument_id=known[row.symbol], funded_at=_moment(row.at_ms), rate=row.rate)
            for row in found
            if row.symbol in known
        ],
        ignore_conflicts=True,
    )


def settled_until_ms(venue: str) -> int:
    """Time of the newest funding that is stored; HISTORY ago where there is none."""
    newest = FundingRate.objects.filter(instrument__venue=venue).order_by("-funded_at").first()
    return _ms(newest.funded_at if newest else timezone.now() - HISTORY)


def late_frames(venue: str) -> dict[str, str]:
    """Frames by topic of what was told too long ago."""
    late = FundingState.objects.filter(instrument__venue=venue, told_at__lt=timezone.now() - LATE)
    return {
        topic_of(state.instrument): funding_frame(state.instrument, state)
        for state in late.select_related("instrument")
    }


def topic_of(instrument: Instrument) -> str:
    return f"funding.{instrument}"


def funding_frame(instrument: Instrument, state: FundingState | None) -> str:
    """A whole frame: the newest replaces all before it. That it is late is news, with a number of its own."""
    told_ms = _ms(state.told_at) if state else 0
    data = funding_data(state)
    seq = told_ms if state is None or data["at"] is not None else told_ms + 1
    return encode(topic_of(instrument), seq=seq, prev=None, at=told_ms, kind="snapshot", data=data)


def funding_data(state: FundingState | None) -> dict[str, Any]:
    """Values that are not known are null, with the reason under `unknown`."""
    if state is None:
        return _unknown("the venue has told no funding of this symbol yet")
    if timezone.now() - state.told_at > LATE:
        return _unknown(f"the venue was last heard at {state.told_at.astimezone(UTC):%H:%M:%S} UTC")
    data = {
        "rate": state.rate,
        "interval_hours": state.interval_hours,
        "next_ms": _ms(state.next_at),
        "mark_price": state.mark_price,
        "at": _ms(state.told_at),
    }
    missing = {name: "not told by the venue" for name, value in data.items() if value is None}
    return data | {"unknown": missing}


def _unknown(reason: str) -> dict[str, Any]:
    names = ("rate", "interval_hours", "next_ms", "mark_price")
    return dict.fromkeys(names) | {"at": None, "unknown": dict.fromkeys(names, reason)}


def _moment(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1_000, UTC)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)


def _in_ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)
