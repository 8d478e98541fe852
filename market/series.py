"""Stored bars and trades of one instrument for a range of time, as few as a screen can show."""

from typing import Any

import numpy as np
from django.db import connection

from market.core.bars import Bars
from market.core.coarsen import coarsen, source_for, width_for
from market.core.decimate import Decimator
from market.core.types import Timeframe
from market.frames import TimeRange, load_bars, load_ticks_by_time
from market.models import Bar, Instrument
from market.ranges import MOST_ROWS, RangeError, Span, TooManyRowsError

#: name on the wire of each column of a bar
BAR_COLUMNS = {
    "t": "opened_ms",
    "o": "open",
    "h": "high",
    "l": "low",
    "c": "close",
    "v": "volume",
    "q": "quote_volume",
    "n": "trades",
    "f": "flags",
}
#: trades are read in blocks of this length, and no more of them in one answer than so many ms hold
BLOCK_MS, LONGEST_TICKS_MS = 600_000, 6 * 3_600_000
MOST_LAST = 500


def bar_points(bars: Bars) -> dict[str, list[Any]]:
    """Columns as they go over the wire."""
    return {name: bars[column].tolist() for name, column in BAR_COLUMNS.items()}


def bar_series(instrument: Instrument, timeframe: Timeframe, span: Span) -> dict[str, Any]:
    """Bars of the timeframe, or of the smallest greater width of which `pixels` bars fill the range."""
    width = timeframe.ms
    if span.pixels:
        width = max(width, width_for(span.to_ms - span.from_ms, span.pixels, timeframe))
    source = source_for(width, timeframe)
    first_ms = span.from_ms // width * width
    if not span.pixels and (span.to_ms - first_ms) // source.ms > MOST_ROWS:
        raise TooManyRowsError(span)
    bars = coarsen(load_bars(instrument.pk, int(source), first_ms, span.to_ms), width, source)
    earliest = Bar.objects.of(instrument.pk, int(timeframe)).order_by("opened_at").values_list("opened_at", flat=True)
    first = earliest.first()
    return {
        "topic": f"bars.{instrument}@{timeframe.label}",
        "from": span.from_ms,
        "to": span.to_ms,
        "step": timeframe.ms,
        "width_ms": width,
        "earliest_ms": None if first is None else round(first.timestamp() * 1_000),
        "is_sampled": width > timeframe.ms,
        "points": bar_points(bars),
    }


def tick_series(instrument: Instrument, span: Span) -> dict[str, Any]:
    """Prices of the trades; in one pixel column the first, the lowest, the highest and the last."""
    if span.to_ms - span.from_ms > LONGEST_TICKS_MS:
        raise RangeError(
            "Single trades are shown for at most six hours.", "from, to", "Choose a shorter range, or bars."
        )
    kept = Decimator(from_ms=span.from_ms, to_ms=span.to_ms, pixels=span.pixels or 1_200, series=1)
    for start in range(span.from_ms, span.to_ms + 1, BLOCK_MS):
        stop = min(span.to_ms, start + BLOCK_MS - 1)
        ticks = np.sort(load_ticks_by_time([TimeRange(instrument.pk, start, stop)]), order=["traded_ms", "trade_id"])
        kept.add(ticks["traded_ms"].astype(np.int64), ticks["price"][np.newaxis].astype(np.float64))
    times, prices = kept.points(0)
    return {
        "instrument": str(instrument),
        "from": span.from_ms,
        "to": span.to_ms,
        "is_sampled": True,
        "columns": {"price": {"t": times.tolist(), "v": prices.tolist()}},
    }


def last_ticks(instrument: Instrument, count: int) -> dict[str, Any]:
    """The newest trades, the newest last."""
    names = ("id", "t", "price", "size", "is_buyer_maker")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, is_buyer_maker"
            " FROM market_tick WHERE instrument_id = %s AND traded_at > now() - interval '1 day'"
            " ORDER BY trade_id DESC LIMIT %s",
            [instrument.pk, count],
        )
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {"instrument": str(instrument), "rows": rows[::-1]}
