"""What is stored of an instrument, as tables: its bars and its single trades."""

from psycopg import sql

from market.core.types import Timeframe
from market.models import Instrument
from market.ranges import Span
from market.tables import Column, Table
from market.tick_series import ids_of

BARS = (
    Column("opened_at", "opened_at", "time"),
    Column("open", "open", "number"),
    Column("high", "high", "number"),
    Column("low", "low", "number"),
    Column("close", "close", "number"),
    Column("volume", "volume", "number"),
    Column("quote_volume", "quote_volume", "number"),
    Column("buy_volume", "buy_volume", "number"),
    Column("trades", "trades", "count"),
    Column("revision", "revision", "id"),
    Column("flags", "flags", "id"),
)
TICKS = (
    Column("trade_id", "trade_id", "id"),
    Column("traded_at", "traded_at", "time"),
    Column("price", "price", "number"),
    Column("size", "size", "number"),
    Column("is_buyer_maker", "is_buyer_maker", "flag"),
)


def bar_table(instrument: Instrument, timeframe: Timeframe, columns: tuple[Column, ...] = BARS) -> Table:
    where = sql.SQL("instrument_id = {} AND timeframe = {} AND source = 0").format(
        sql.Literal(instrument.pk), sql.Literal(int(timeframe))
    )
    return Table("market_bar", BARS[0], columns, where, mark="batch")


def tick_table(instrument: Instrument, span: Span, columns: tuple[Column, ...] = TICKS) -> tuple[Table, int, int]:
    """The trades of a range, and the first and last trade id that it may hold."""
    where = sql.SQL(
        "instrument_id = {} AND traded_at >= to_timestamp({} / 1000.0) AND traded_at <= to_timestamp({} / 1000.0)"
    ).format(*map(sql.Literal, (instrument.pk, span.from_ms, span.to_ms)))
    return Table("market_tick", TICKS[0], columns, where, mark="trade_id"), *ids_of(instrument, span)
