"""Long stretches out of Postgres: the server packs each column into one value, so that no row costs anything here.

A row by COPY costs the interpreter two thirds of a microsecond, which a web process takes from its live sockets; packed
it costs a tenth of that, and the server no more (`make bench`, `series`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import psycopg
from django.db import connection
from psycopg import sql

from market.core.types import F64, I64

#: rows of one block
BLOCK = 16_384
_POSTGRES_EPOCH_US = 946_684_800_000_000

Kind = Literal["time", "id", "number", "flag"]
_SEND = {
    "time": "timestamptz_send({})",
    "id": "int8send({})",
    "number": "float8send(coalesce({}::float8, 'NaN'))",
    "flag": "int8send({}::int)",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Rows of a table in rising order of a key. `columns` are read, the key's among them; `where` chooses the rows."""

    table: str
    key: str
    columns: Mapping[str, Kind]
    where: sql.Composable

    def blocks(self, first: int, last: int, *, most: int = BLOCK) -> Iterator[dict[str, I64 | F64]]:
        """The rows with first <= key <= last, times in epoch ms, NULL numbers as NaN, in blocks of at most `most`."""
        while first <= last:
            block = self._block(first, last, most)
            if not len(block[self.key]):
                return
            yield block
            if len(block[self.key]) < most:
                return
            first = int(block[self.key][-1]) + 1

    def _block(self, first: int, last: int, most: int) -> dict[str, I64 | F64]:
        key, is_time = sql.Identifier(self.key), self.columns[self.key] == "time"
        bound = "to_timestamp({} / 1000.0)" if is_time else "{}"
        query = sql.SQL(
            "SELECT {packed} FROM (SELECT {names} FROM {table} WHERE {where} AND {key} >= {first} AND {key} <= {last}"
            " ORDER BY {key} LIMIT {most}) r"
        ).format(
            packed=sql.SQL(", ").join(
                sql.SQL(f"string_agg({_SEND[kind]}, '')").format(sql.Identifier(name))
                for name, kind in self.columns.items()
            ),
            names=sql.SQL(", ").join(map(sql.Identifier, self.columns)),
            table=sql.Identifier(self.table),
            where=self.where,
            key=key,
            first=sql.SQL(bound).format(sql.Literal(first)),
            last=sql.SQL(bound).format(sql.Literal(last)),
            most=sql.Literal(most),
        )
        connection.ensure_connection()
        with psycopg.Cursor(connection.connection) as cursor:
            row = cursor.execute(query, binary=True).fetchone()
        assert row is not None
        return {
            name: _unpacked(packed or b"", kind) for (name, kind), packed in zip(self.columns.items(), row, strict=True)
        }


def _unpacked(packed: bytes, kind: Kind) -> I64 | F64:
    if kind == "number":
        return np.frombuffer(packed, ">f8").astype(np.float64)
    whole: I64 = np.frombuffer(packed, ">i8").astype(np.int64)
    return (whole + _POSTGRES_EPOCH_US) // 1_000 if kind == "time" else whole
