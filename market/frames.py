"""Ticks and bars out of Postgres as numpy records, by binary COPY: no object per row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection
from psycopg import sql

from market.core.types import BAR_DTYPE, TICK_DTYPE

# A binary COPY stream: 19 bytes of header, per row a field count and per field a length, 2 bytes of trailer
_HEADER, _TRAILER = 19, 2
_POSTGRES_EPOCH_US = 946_684_800_000_000
_PG_TYPES = {"i2": ">i2", "i4": ">i4", "i8": ">i8", "f8": ">f8", "b1": "?"}

Records = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class IdRange:
    """Ticks of one instrument: ids and event times, both ends inclusive."""

    instrument_id: int
    first_id: int
    last_id: int
    first_ms: int
    last_ms: int


@dataclass(frozen=True, slots=True)
class TimeRange:
    """The slots [first_ms, last_ms] of one instrument, in event time, both ends inclusive."""

    instrument_id: int
    first_ms: int
    last_ms: int


_TICK_FIELDS = [
    ("trade_id", "i8"),
    ("traded_us", "i8"),
    ("price", "f8"),
    ("size", "f8"),
    ("instrument", "i4"),
    ("is_buyer_maker", "b1"),
]
_BAR_FIELDS = [
    ("instrument", "i4"),
    ("timeframe", "i2"),
    ("opened_us", "i8"),
    *((name, "f8") for name in ("open", "high", "low", "close", "volume", "quote_volume", "buy_volume")),
    *((name, "i8") for name in ("trades", "first_id", "last_id", "first_ms", "last_ms")),
    ("revision", "i4"),
    ("flags", "i2"),
]


def load_ticks_by_id(ranges: Sequence[IdRange]) -> Records:
    """Ticks (TICK_DTYPE) inside any of the ranges, ordered by instrument and trade id, each once."""
    if not ranges:
        return np.empty(0, TICK_DTYPE)
    wanted = _values(
        [(r.instrument_id, r.first_id, r.last_id, r.first_ms, r.last_ms) for r in ranges],
        ("int4", "int8", "int8", "int8", "int8"),
    )
    query = sql.SQL(
        "SELECT DISTINCT t.trade_id, t.traded_at, t.price, t.size, t.instrument_id, t.is_buyer_maker"
        " FROM (VALUES {wanted}) r(instrument_id, first_id, last_id, first_ms, last_ms)"
        " JOIN market_tick t ON t.instrument_id = r.instrument_id"
        " AND t.trade_id BETWEEN r.first_id AND r.last_id"
        " AND t.traded_at >= {start} AND t.traded_at <= {stop}"
        " ORDER BY 5, 1"
    ).format(
        wanted=wanted,
        start=_timestamp(min(r.first_ms for r in ranges)),
        stop=_timestamp(max(r.last_ms for r in ranges)),
    )
    return _ticks(copy_rows(query, _TICK_FIELDS))


def load_ticks_by_time(ranges: Sequence[TimeRange]) -> Records:
    """Ticks (TICK_DTYPE) traded inside any of the ranges, ordered by instrument and trade id, each once."""
    parts = []
    for r in ranges:
        query = sql.SQL(
            "SELECT trade_id, traded_at, price, size, instrument_id, is_buyer_maker FROM market_tick"
            " WHERE instrument_id = {instrument} AND traded_at >= {start} AND traded_at <= {stop} ORDER BY trade_id"
        ).format(instrument=sql.Literal(r.instrument_id), start=_timestamp(r.first_ms), stop=_timestamp(r.last_ms))
        parts.append(_ticks(copy_rows(query, _TICK_FIELDS)))
    return np.concatenate(parts) if parts else np.empty(0, TICK_DTYPE)


def load_bars(
    instrument_id: int, timeframe: int, first_ms: int, last_ms: int | None = None, most: int | None = None
) -> Records:
    """Bars (BAR_DTYPE) from ticks that opened in [first_ms, last_ms], in rising open; the first `most` of them."""
    stop = sql.SQL(" AND opened_at <= ") + _timestamp(last_ms) if last_ms is not None else sql.SQL("")
    query = (
        _SELECT_BARS
        + sql.SQL(" WHERE instrument_id = {} AND timeframe = {} AND source = 0 AND opened_at >= {}").format(
            sql.Literal(instrument_id), sql.Literal(timeframe), _timestamp(first_ms)
        )
        + stop
        + sql.SQL(" ORDER BY opened_at LIMIT {}").format(sql.Literal(most))
    )
    return _bars(copy_rows(query, _BAR_FIELDS))


def load_bars_after(instrument_id: int, timeframe: int, batch: int, first_ms: int) -> Records:
    """Bars (BAR_DTYPE) that were written after a batch and opened at `first_ms` or later, in rising open."""
    query = _SELECT_BARS + sql.SQL(
        " WHERE instrument_id = {} AND timeframe = {} AND source = 0 AND opened_at >= {} AND batch > {}"
        " ORDER BY opened_at"
    ).format(sql.Literal(instrument_id), sql.Literal(timeframe), _timestamp(first_ms), sql.Literal(batch))
    return _bars(copy_rows(query, _BAR_FIELDS))


def load_bars_at(keys: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int], Records]:
    """Bars at (instrument id, timeframe, open in ms), grouped by instrument and timeframe, in rising open."""
    rows = list(keys)
    if not rows:
        return {}
    query = _SELECT_BARS + sql.SQL(
        " JOIN (VALUES {}) k(i, t, o) ON instrument_id = k.i AND timeframe = k.t AND source = 0"
        " AND opened_at = to_timestamp(k.o / 1000.0) ORDER BY instrument_id, timeframe, opened_at"
    ).format(_values(rows, ("int4", "int2", "int8")))
    return _grouped(copy_rows(query, _BAR_FIELDS))


def load_bars_changed(opens: Mapping[tuple[int, int], int], batch: int) -> dict[tuple[int, int], Records]:
    """Bars (BAR_DTYPE) written after a batch, by (instrument id, timeframe), each from its open in ms on, rising."""
    if not opens:
        return {}
    query = _SELECT_BARS + sql.SQL(
        " JOIN (VALUES {}) k(i, t, o) ON instrument_id = k.i AND timeframe = k.t AND source = 0"
        " AND opened_at >= to_timestamp(k.o / 1000.0) WHERE batch > {} ORDER BY instrument_id, timeframe, opened_at"
    ).format(_values([(*key, ms) for key, ms in opens.items()], ("int4", "int2", "int8")), sql.Literal(batch))
    return _grouped(copy_rows(query, _BAR_FIELDS))


def _grouped(raw: Records) -> dict[tuple[int, int], Records]:
    """Rows ordered by instrument and timeframe, as bars by both."""
    if not len(raw):
        return {}
    owners, found = np.column_stack([raw["instrument"], raw["timeframe"]]), _bars(raw)
    starts = np.flatnonzero(np.any(owners[1:] != owners[:-1], axis=1)) + 1
    parts = np.split(found, starts)
    return {(int(i), int(t)): part for (i, t), part in zip(owners[np.concatenate(([0], starts))], parts, strict=True)}


_SELECT_BARS = sql.SQL(
    "SELECT instrument_id, timeframe, opened_at, open, high, low, close, volume, quote_volume, buy_volume,"
    " trades, first_id, last_id, first_ms, last_ms, revision, flags FROM market_bar"
)


def copy_rows(query: sql.Composable, fields: Sequence[tuple[str, str]]) -> Records:
    """Run the query as binary COPY; every column must be NOT NULL in the rows read."""
    layout: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in fields:
        layout += [(f"{name}_bytes", ">i4"), (name, _PG_TYPES[kind])]
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(query)
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        data = b"".join(bytes(block) for block in copy)
    return np.frombuffer(data[_HEADER : len(data) - _TRAILER], dtype=np.dtype(layout))


def _ticks(raw: Records) -> Records:
    ticks = np.empty(len(raw), TICK_DTYPE)
    for name in ("trade_id", "price", "size", "instrument", "is_buyer_maker"):
        ticks[name] = raw[name]
    ticks["traded_ms"] = _to_ms(raw["traded_us"])
    return ticks


def _bars(raw: Records) -> Records:
    bars = np.empty(len(raw), BAR_DTYPE)
    for name in BAR_DTYPE.names or ():
        if name != "opened_ms":
            bars[name] = raw[name]
    bars["opened_ms"] = _to_ms(raw["opened_us"])
    return bars


def _to_ms(postgres_us: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return (postgres_us.astype(np.int64) + _POSTGRES_EPOCH_US) // 1000


def _timestamp(ms: int) -> sql.Composable:
    return sql.SQL("to_timestamp({})").format(sql.Literal(ms / 1000))


def _values(rows: Sequence[tuple[int, ...]], types: tuple[str, ...]) -> sql.Composable:
    """Rows of a VALUES list; the first one carries the types."""
    first = sql.SQL("({})").format(
        sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.Literal(value), sql.SQL(kind))
            for value, kind in zip(rows[0], types, strict=True)
        )
    )
    others = (sql.SQL("({})").format(sql.SQL(", ").join(sql.Literal(int(value)) for value in row)) for row in rows[1:])
    return sql.SQL(", ").join([first, *others])
