"""Stored bars of one instrument for a range of time, as few as a screen can show."""

from typing import Any

from market.core.bars import Bars
from market.core.coarsen import coarsen, source_for, width_for
from market.core.types import Timeframe
from market.frames import load_bars
from market.models import Bar, Instrument
from market.ranges import MOST_ROWS, Span, TooManyRowsError

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


def bar_points(bars: Bars) -> dict[str, list[Any]]:
    """Columns as they go over the wire."""
    return {name: bars[column].tolist() for name, column in BAR_COLUMNS.items()}


def bar_series(instrument: Instrument, timeframe: Timeframe, span: Span) -> dict[str, Any]:
    """Bars of the timeframe, or of the smallest greater width of which `pixels` bars fill the range.

    Where bars below a minute are no longer kept, a drawing gets those of minutes.
    """
    width, bars = _sampled(instrument, timeframe, span) if span.pixels else (timeframe.ms, None)
    if bars is None:
        bars = load_bars(instrument.pk, timeframe, span.from_ms, span.to_ms, MOST_ROWS + 1)
        if len(bars) > MOST_ROWS:
            raise TooManyRowsError(span)
    return {
        "topic": f"bars.{instrument}@{timeframe.label}",
        "from": span.from_ms,
        "to": span.to_ms,
        "step": timeframe.ms,
        "width_ms": width,
        "earliest_ms": _earliest_ms(instrument, {timeframe, source_for(width, timeframe)}),
        "is_sampled": width > timeframe.ms,
        "points": bar_points(bars),
    }


def _sampled(instrument: Instrument, timeframe: Timeframe, span: Span) -> tuple[int, Bars]:
    width = width_for(span.to_ms - span.from_ms, span.pixels or 1, timeframe)
    bars = _coarse(instrument, timeframe, span, width)
    if len(bars) or width >= Timeframe.M1.ms:
        return width, bars
    return Timeframe.M1.ms, _coarse(instrument, Timeframe.M1, span, Timeframe.M1.ms)


def _coarse(instrument: Instrument, timeframe: Timeframe, span: Span, width: int) -> Bars:
    """Whole bars at both ends, so that they are the same wherever a range is cut."""
    source = source_for(width, timeframe)
    first_ms, last_ms = span.from_ms // width * width, (span.to_ms // width + 1) * width - 1
    return coarsen(load_bars(instrument.pk, source, first_ms, last_ms), width, source)


def _earliest_ms(instrument: Instrument, timeframes: set[Timeframe]) -> int | None:
    """Open of the oldest bar that any range could show."""
    if min(timeframes) < Timeframe.M1:
        timeframes = timeframes | {Timeframe.M1}
    opens = [Bar.objects.of(instrument.pk, each).values_list("opened_at", flat=True).first() for each in timeframes]
    return min((round(each.timestamp() * 1_000) for each in opens if each is not None), default=None)
