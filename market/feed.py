"""How the recording stands, as pages and the topic `feed` say it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from market.models import ConnectionState, FeedControl, Gap, SymbolState

_OPEN_STATES = [Gap.State.OPEN, Gap.State.FILLING, Gap.State.WAITING_FOR_DUMP]


def feed_data() -> tuple[int, dict[str, Any]]:
    """The newest change in epoch ms, and the data of a frame of topic `feed`."""
    control = FeedControl.objects.filter(id=1).first()
    connections = list(ConnectionState.objects.order_by("name"))
    symbols = list(
        SymbolState.objects.select_related("instrument")
        .annotate(open_gaps=Count("instrument__gaps", filter=Q(instrument__gaps__state__in=_OPEN_STATES)))
        .order_by("instrument__venue", "instrument__symbol")
    )
    stamps = [control.changed_at] if control else []
    stamps += [moment for each in connections for moment in (each.changed_at, each.last_frame_at) if moment]
    stamps += [each.changed_at for each in symbols]
    data = {
        "venue": control.venue if control else "",
        "is_paused": control.is_paused if control else False,
        "reason": control.reason if control else "",
        "connections": [_connection(each) for each in connections],
        "symbols": [_symbol(each, each.open_gaps) for each in symbols],
    }
    return max(map(_ms, stamps), default=0), data


def _connection(state: ConnectionState) -> dict[str, Any]:
    return {
        "name": state.name,
        "state": state.state,
        "reason": state.reason,
        "changed_ms": _ms(state.changed_at),
        "last_frame_ms": _ms(state.last_frame_at) if state.last_frame_at else None,
        "watermark_ms": state.watermark_ms,
        "reconnects": state.reconnects,
    }


def _symbol(state: SymbolState, open_gaps: int) -> dict[str, Any]:
    return {
        "name": str(state.instrument),
        "state": state.state,
        "reason": state.reason,
        "last_trade_ms": state.last_trade_ms,
        "lag_ms": state.lag_ms,
        "open_gaps": open_gaps,
    }


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000)
