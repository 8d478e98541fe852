"""Rows of ticks as the binary format of Postgres' COPY, built by numpy."""

import numpy as np

from market.core.types import TICK_DTYPE
from market.venues.base import Rows

COLUMNS = "trade_id, traded_at, price, size, instrument_id, is_buyer_maker"
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
# Postgres counts microseconds from 2000-01-01
_EPOCH_MS = 946_684_800_000

# One field = its length in bytes, then the value, big-endian
_RECORD = np.dtype(
    [
        ("fields", ">i2"),
        ("n1", ">i4"),
        ("trade_id", ">i8"),
        ("n2", ">i4"),
        ("traded_at", ">i8"),
        ("n3", ">i4"),
        ("price", ">f8"),
        ("n4", ">i4"),
        ("size", ">f8"),
        ("n5", ">i4"),
        ("instrument", ">i4"),
        ("n6", ">i4"),
        ("is_buyer_maker", "?"),
    ]
)
_FRAME = np.zeros((), _RECORD)
_FRAME["fields"] = 6
for _name, _length in (("n1", 8), ("n2", 8), ("n3", 8), ("n4", 8), ("n5", 4), ("n6", 1)):
    _FRAME[_name] = _length


def encode(rows: Rows) -> bytes:
    """A complete COPY stream of `rows` for the columns in COLUMNS."""
    records = np.full(len(rows), _FRAME)
    for name in TICK_DTYPE.names or ():
        if name != "traded_ms":
            records[name] = rows[name]
    records["traded_at"] = (rows["traded_ms"] - _EPOCH_MS) * 1000
    return b"".join((_HEADER, records.tobytes(), _TRAILER))
