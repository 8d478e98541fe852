"""What a page of REST does to the row of its gap."""

from django.db import connection
from django.utils import timezone

from market.ingest.batch import Fill
from market.models import Gap

UNREACHABLE = "older than the exchange's REST serves"


def apply_fill(fill: Fill) -> None:
    """Shrink, split or close a gap; inside the transaction that stores the page."""
    gap = Gap.objects.select_for_update().get(id=fill.gap_id)
    gap.filled_rows += fill.filled
    gap.tries, gap.last_error, gap.next_try_at = 0, "", None
    if fill.remaining is not None:
        _shrink(gap, fill)
    elif fill.unreachable is not None:
        gap.first_id, gap.last_id = fill.unreachable
        gap.state, gap.last_error = Gap.State.WAITING_FOR_DUMP, UNREACHABLE
    else:
        _close(gap)
    gap.save()


def _shrink(gap: Gap, fill: Fill) -> None:
    """Keep what still misses; ids that REST no longer has become a gap of their own."""
    if fill.unreachable is not None:
        Gap.objects.create(
            instrument_id=gap.instrument_id,
            first_id=fill.unreachable[0],
            last_id=fill.unreachable[1],
            first_ms=gap.first_ms,
            last_ms=fill.first_ms,
            cause=gap.cause,
            state=Gap.State.WAITING_FOR_DUMP,
            last_error=UNREACHABLE,
        )
    assert fill.remaining is not None
    gap.first_id, gap.last_id = fill.remaining
    gap.first_ms, gap.last_ms = fill.first_ms, fill.last_ms
    gap.state = Gap.State.FILLING


def _close(gap: Gap) -> None:
    """Filled: the row shows the whole hole again, as far as pages shrank it."""
    if gap.filled_rows:
        if gap.cause == Gap.Cause.HISTORY:
            gap.last_id = max(gap.last_id, gap.first_id + gap.filled_rows - 1)
        else:
            gap.first_id = min(gap.first_id, gap.last_id - gap.filled_rows + 1)
    gap.first_ms = _time_of(gap.instrument_id, gap.first_id - 1) or gap.first_ms
    gap.last_ms = _time_of(gap.instrument_id, gap.last_id + 1) or gap.last_ms
    gap.state, gap.closed_at = Gap.State.FILLED, timezone.now()


def _time_of(instrument: int, trade_id: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (extract(epoch FROM traded_at) * 1000)::bigint FROM market_tick "
            "WHERE instrument_id = %s AND trade_id = %s",
            [instrument, trade_id],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else None
