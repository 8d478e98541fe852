"""Single trades of one instrument: the newest ones, or the prices of a range as few as a screen can show."""

from typing import Any

import numpy as np
from django.db import connection
from psycopg import sql

from market.core.bars import Bars
from market.core.decimate import Decimator, broken
from market.core.types import F64, I64, Timeframe
from market.frames import load_bars
from market.models import Gap, Instrument
from market.packed import Kind, Walk
from market.ranges import MOST_ROWS, Span, TooManyRowsError

MOST_LAST = 500
#: from this width of a pixel on, bars say where the line goes as well as trades do
COARSE_MS = Timeframe.S5.ms
_COLUMNS: dict[str, Kind] = {"trade_id": "id", "traded_at": "time", "price": "number"}
_LAST_ID = 2**63 - 1


def tick_series(instrument: Instrument, span: Span) -> dict[str, Any]:
    """Prices of the trades: every one, or in each pixel column the first, the lowest, the highest and the last."""
    is_sampled, (times, prices) = _sampled(instrument, span) if span.pixels else (False, _every(instrument, span))
    order = np.argsort(times, kind="stable")
    times, prices = broken(times[order], prices[order], _holes(instrument, span))
    return {
        "instrument": str(instrument),
        "from": span.from_ms,
        "to": span.to_ms,
        "is_sampled": is_sampled,
        "columns": {"price": {"t": times.tolist(), "v": prices.tolist()}},
    }


def last_ticks(instrument: Instrument, count: int) -> dict[str, Any]:
    """The newest trades, the newest last."""
    names = ("id", "t", "price", "size", "is_buyer_maker")
    with connection.cursor() as cursor:
        # One step into the key of each day's partition, the rows of one
        cursor.execute(
            "SELECT trade_id, (extract(epoch FROM traded_at) * 1000)::bigint, price, size, is_buyer_maker"
            " FROM market_tick WHERE instrument_id = %s ORDER BY trade_id DESC LIMIT %s",
            [instrument.pk, count],
        )
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {"instrument": str(instrument), "rows": rows[::-1]}


def _sampled(instrument: Instrument, span: Span) -> tuple[bool, tuple[I64, F64]]:
    kept = Decimator(from_ms=span.from_ms, to_ms=span.to_ms, pixels=span.pixels or 1, series=1)
    if span.pixel_ms >= COARSE_MS:
        times, prices = _corners(_bars(instrument, span))
        is_inside = (times >= span.from_ms) & (times <= span.to_ms)
        kept.add(times[is_inside], prices[np.newaxis, is_inside])
        return True, kept.points(0)
    for block in _walk(instrument, span).blocks(*ids_of(instrument, span)):
        kept.add(block["traded_at"].astype(np.int64), block["price"][np.newaxis].astype(np.float64))
    return kept.has_dropped, kept.points(0)


def _every(instrument: Instrument, span: Span) -> tuple[I64, F64]:
    block = next(_walk(instrument, span).blocks(*ids_of(instrument, span), most=MOST_ROWS + 1), None)
    if block is None:
        return np.empty(0, np.int64), np.empty(0)
    if len(block["trade_id"]) > MOST_ROWS:
        raise TooManyRowsError(span)
    return block["traded_at"].astype(np.int64), block["price"].astype(np.float64)


def _walk(instrument: Instrument, span: Span) -> Walk:
    where = sql.SQL(
        "instrument_id = {} AND traded_at >= to_timestamp({} / 1000.0) AND traded_at <= to_timestamp({} / 1000.0)"
    ).format(*map(sql.Literal, (instrument.pk, span.from_ms, span.to_ms)))
    return Walk("market_tick", "trade_id", _COLUMNS, where)


def ids_of(instrument: Instrument, span: Span) -> tuple[int, int]:
    """First and last trade id of a range, by the bars over it: trades are found by id without those of other symbols.

    Open to where the bars are not yet final, or not there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(first_id), max(last_id), bool_and(flags & 1 = 1) FROM market_bar WHERE instrument_id = %s"
            " AND timeframe = %s AND source = 0 AND opened_at > to_timestamp(%s / 1000.0) AND opened_at <= "
            "to_timestamp(%s / 1000.0)",
            [instrument.pk, Timeframe.M1, span.from_ms - Timeframe.M1.ms, span.to_ms],
        )
        first, last, is_final = cursor.fetchone() or (None, None, None)
    return int(first or 0), int(last) if is_final and last is not None else _LAST_ID


def _bars(instrument: Instrument, span: Span) -> Bars:
    """Bars no wider than a pixel; those of minutes where the shorter ones are no longer kept."""
    widths = sorted((each for each in Timeframe if each.ms <= span.pixel_ms), reverse=True)
    bars = load_bars(instrument.pk, widths[0], span.from_ms - widths[0].ms, span.to_ms)
    if len(bars) or widths[0] >= Timeframe.M1:
        return bars
    return load_bars(instrument.pk, Timeframe.M1, span.from_ms - Timeframe.M1.ms, span.to_ms)


def _corners(bars: Bars) -> tuple[I64, F64]:
    """Open, low, high and close of each bar as points: first and last at their times, the others between them."""
    middle = (bars["first_ms"] + bars["last_ms"]) // 2
    times = np.column_stack([bars["first_ms"], middle, middle, bars["last_ms"]]).ravel()
    prices = np.column_stack([bars[name] for name in ("open", "low", "high", "close")]).ravel()
    return times.astype(np.int64), prices.astype(np.float64)


def _holes(instrument: Instrument, span: Span) -> list[tuple[int, int]]:
    """Event times around the trades that are known to miss."""
    gaps = Gap.objects.unfilled().filter(instrument=instrument, last_ms__gte=span.from_ms, first_ms__lte=span.to_ms)
    return list(gaps.order_by("first_ms").values_list("first_ms", "last_ms"))
