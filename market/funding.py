"""Funding of perpetuals as the venue last told it: stored, and as the topic `funding.<venue:SYMBOL>` says it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from market.models import FundingState, Instrument
from market.topics import encode
from market.venues.base import Funding

#: the venue is asked this often
POLL = timedelta(seconds=60)
#: what was told longer ago is no longer known
LATE = 3 * POLL
_FIELDS = ("rate", "interval_hours", "next_at", "mark_price", "told_at")


def store(
    venue: str, found: Sequence[Funding], intervals: Mapping[str, int] | None, standard_hours: int
) -> dict[str, str]:
    """Keep what the venue told of instruments that are recorded; the frames by topic.

    `intervals` None: not told yet, so the interval stays as it was.
    """
    wanted = {each.symbol: each for each in Instrument.objects.wanted().filter(venue=venue)}
    before = dict(FundingState.objects.filter(instrument__venue=venue).values_list("instrument_id", "interval_hours"))
    states = [
        FundingState(
            instrument=wanted[row.symbol],
            rate=row.rate,
            mark_price=row.mark_price,
            next_at=_moment(row.next_ms),
            told_at=_moment(row.at_ms),
            interval_hours=before.get(wanted[row.symbol].pk)
            if intervals is None
            else intervals.get(row.symbol, standard_hours),
        )
        for row in found
        if row.symbol in wanted
    ]
    FundingState.objects.bulk_create(
        states, update_conflicts=True, unique_fields=["instrument"], update_fields=list(_FIELDS)
    )
    return {topic_of(state.instrument): funding_frame(state.instrument, state) for state in states}


def topic_of(instrument: Instrument) -> str:
    return f"funding.{instrument}"


def funding_frame(instrument: Instrument, state: FundingState | None) -> str:
    """A whole frame: the newest replaces all before it."""
    told_ms = _ms(state.told_at) if state else 0
    return encode(topic_of(instrument), seq=told_ms, prev=None, at=told_ms, kind="snapshot", data=funding_data(state))


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
