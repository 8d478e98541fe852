"""Where each symbol and the connection stand: decided by a pure function, written when it changes."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count
from django.utils import timezone

from market.models import ConnectionState, Gap, SymbolState

State = SymbolState.State


@dataclass(frozen=True, slots=True)
class Standing:
    """A state and its reason."""

    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Last:
    """The newest tick heard of an instrument, and how long after its event."""

    trade_id: int
    ms: int
    price: float
    lag_ms: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Unfinished gaps of an instrument; `history` counts those of the warm-up."""

    open: int = 0
    filling: int = 0
    history: int = 0

    @property
    def gaps(self) -> int:
        return self.open + self.filling


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of the sound of an instrument: never heard on this connection, silent for so many seconds."""

    ever: bool
    silent_seconds: float | None


def symbol_standing(  # noqa: PLR0911 - one return per state, worst first
    connection: Standing, status: str, heard: Heard, missing: Missing
) -> Standing:
    """State of one symbol: the worst that is true of it."""
    if connection.state in (State.PAUSED, State.BLOCKED, State.CONNECTING):
        return connection
    if status:
        return Standing(State.HALTED, f"the exchange says {status}")
    if heard.silent_seconds is not None:
        return Standing(State.SILENT, f"no trade for {heard.silent_seconds:.0f} s")
    if missing.filling:
        return Standing(State.BACKFILLING, f"fetching {missing.gaps} gap(s)")
    if missing.open:
        return Standing(State.GAP, f"{missing.open} gap(s) wait to be fetched")
    if missing.history:
        return Standing(State.BACKFILLING, "fetching the history before the first trade")
    if not heard.ever:
        return Standing(State.CONNECTING, "subscribed, no trade yet")
    return Standing(State.LIVE)


def missing_by_instrument(venue: str) -> dict[int, Missing]:
    """Unfinished gaps, counted."""
    rows = (
        Gap.objects.filter(instrument__venue=venue, state__in=(Gap.State.OPEN, Gap.State.FILLING))
        .values_list("instrument_id", "state", "cause")
        .annotate(count=Count("id"))
    )
    found: dict[int, dict[str, int]] = {}
    for instrument, state, cause, count in rows:
        kind = "history" if cause == Gap.Cause.HISTORY else str(state)
        counts = found.setdefault(instrument, {})
        counts[kind] = counts.get(kind, 0) + count
    return {instrument: Missing(**counts) for instrument, counts in found.items()}


@dataclass(frozen=True, slots=True)
class SymbolReport:
    """What is written of one symbol."""

    instrument: int
    name: str
    standing: Standing
    last: Last | None
    open_gaps: int


@dataclass(frozen=True, slots=True)
class ConnectionReport:
    """What is written of the connection."""

    name: str
    venue: str
    standing: Standing
    connected_at: float | None
    last_frame_at: float | None
    watermark_ms: int
    reconnects: int


class StateBook:
    """Remembers what was written, so that only changes are."""

    def __init__(self) -> None:
        self._symbols: dict[int, SymbolReport] = {}
        self._since: dict[Any, datetime] = {}
        self._standings: dict[Any, Standing] = {}

    def write(self, link: ConnectionReport, symbols: list[SymbolReport]) -> None:
        """Store the reports that differ from what was stored; forget symbols not wanted any more."""
        ConnectionState.objects.update_or_create(
            name=link.name,
            defaults={
                "venue": link.venue,
                "state": link.standing.state,
                "reason": link.standing.reason[:300],
                "changed_at": self.since(link.name, link.standing),
                "connected_at": _moment(link.connected_at),
                "last_frame_at": _moment(link.last_frame_at),
                "watermark_ms": link.watermark_ms or None,
                "reconnects": link.reconnects,
            },
        )
        changed = [report for report in symbols if self._symbols.get(report.instrument) != report]
        SymbolState.objects.bulk_create(
            [self._row(report) for report in changed],
            update_conflicts=True,
            unique_fields=["instrument"],
            update_fields=["state", "reason", "changed_at", "last_trade_id", "last_trade_ms", "last_price", "lag_ms"],
        )
        gone = set(self._symbols) - {report.instrument for report in symbols}
        if gone or not self._symbols:
            SymbolState.objects.exclude(instrument_id__in=[report.instrument for report in symbols]).delete()
        self._symbols = {report.instrument: report for report in symbols}

    def since(self, key: Any, standing: Standing) -> datetime:
        """When this standing began; a reason that counts up is not a new one."""
        if key not in self._since or self._standings[key].state != standing.state:
            self._since[key] = timezone.now()
        self._standings[key] = standing
        return self._since[key]

    def _row(self, report: SymbolReport) -> SymbolState:
        return SymbolState(
            instrument_id=report.instrument,
            state=report.standing.state,
            reason=report.standing.reason[:300],
            changed_at=self.since(report.instrument, report.standing),
            last_trade_id=report.last.trade_id if report.last else None,
            last_trade_ms=report.last.ms if report.last else None,
            last_price=report.last.price if report.last else None,
            lag_ms=report.last.lag_ms if report.last else None,
        )


def _moment(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
