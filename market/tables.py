"""Long tables out of Postgres as record batches, CSV and Arrow: packed columns, no object per row."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from django.db import connection
from psycopg import sql
from pyarrow import csv as arrow_csv

from market.core.types import F64, I64
from market.packed import Kind, Walk

Times = Literal["iso", "ms"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an answer: its name there, its source in the table, and what it holds.

    `flag` is a boolean, `count` a whole number that may be unknown.
    """

    name: str
    source: str
    kind: Literal["time", "number", "id", "count", "flag"]

    @property
    def packed(self) -> Kind:
        return "number" if self.kind == "count" else self.kind

    def array(self, values: I64 | F64, times: Times) -> Any:
        match self.kind:
            case "time" if times == "iso":
                return pa.array(values.astype("M8[ms]"), pa.timestamp("ms", "UTC"))
            case "number":
                return pa.array(values, from_pandas=True)
            case "count":
                unknown = np.isnan(values)
                return pa.array(np.where(unknown, 0, values).astype(np.int64), mask=unknown)
            case "flag":
                return pa.array(values.astype(bool))
        return pa.array(values)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one thing in rising order of `key`, a source that is read whether it is asked for or not.

    `mark` is a source that gets a higher value with each change of a row.
    """

    name: str
    key: Column
    columns: Sequence[Column]
    where: sql.Composable
    mark: str

    def extent(self, first: int, last: int, most: int) -> tuple[int, str]:
        """How many rows there are, at most `most`, and a text that is another one when any of them changed."""
        bound = sql.SQL("to_timestamp({} / 1000.0)" if self.key.kind == "time" else "{}")
        query = sql.SQL(
            "SELECT count(*), max(mark), max(key), min(key) FROM (SELECT {key} AS key, {mark} AS mark FROM {table}"
            " WHERE {where} AND {key} >= {first} AND {key} <= {last} ORDER BY {key} LIMIT {most}) r"
        ).format(
            mark=sql.Identifier(self.mark),
            key=sql.Identifier(self.key.source),
            table=sql.Identifier(self.name),
            where=self.where,
            first=bound.format(sql.Literal(first)),
            last=bound.format(sql.Literal(last)),
            most=sql.Literal(most),
        )
        connection.ensure_connection()
        with connection.connection.cursor() as cursor:
            count, *marks = cursor.execute(query).fetchone()
        return int(count), f"{count} {marks}"

    def blocks(self, first: int, last: int, *, most: int | None = None) -> Iterator[dict[str, I64 | F64]]:
        kinds = {column.source: column.packed for column in (self.key, *self.columns)}
        walk = Walk(self.name, self.key.source, kinds, self.where)
        return walk.blocks(first, last) if most is None else walk.blocks(first, last, most=most)

    def batches(self, first: int, last: int, times: Times) -> Iterator[Any]:
        """Record batches of the columns asked for."""
        for block in self.blocks(first, last):
            yield self._batch(block, times)

    def batch(self, first: int, last: int, times: Times, most: int) -> tuple[Any, I64]:
        """The first `most` rows, and their keys."""
        block = next(self.blocks(first, last, most=most), None)
        if block is None:
            return self._batch(self._nothing(), times), np.empty(0, np.int64)
        return self._batch(block, times), block[self.key.source].astype(np.int64)

    def schema(self, times: Times) -> Any:
        return self._batch(self._nothing(), times).schema

    def _nothing(self) -> dict[str, I64 | F64]:
        return {column.source: np.empty(0) if column.kind in _FLOATS else np.empty(0, np.int64) for column in self._all}

    @property
    def _all(self) -> list[Column]:
        return [self.key, *self.columns]

    def _batch(self, block: dict[str, I64 | F64], times: Times) -> Any:
        arrays = [column.array(block[column.source], times) for column in self.columns]
        return pa.record_batch(arrays, names=[column.name for column in self.columns])


_FLOATS = ("number", "count")


def as_csv(batches: Iterator[Any], schema: Any) -> Iterator[bytes]:
    """A header and rows; unknown is empty, times are ISO 8601 with T and Z."""
    yield (",".join(schema.names) + "\n").encode()
    options = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    for batch in batches:
        out = io.BytesIO()
        arrow_csv.write_csv(_with_text_times(batch), out, options)
        yield out.getvalue()


def as_arrow(batches: Iterator[Any], schema: Any) -> Iterator[bytes]:
    """An Arrow IPC stream."""
    out = io.BytesIO()
    with pa.ipc.new_stream(out, schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _with_text_times(batch: Any) -> Any:
    """Arrow writes a blank between day and hour; numpy the T of ISO 8601, in a third of a microsecond."""
    for at, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type):
            moments = np.datetime_as_string(batch.column(at).to_numpy(zero_copy_only=False), unit="ms", timezone="UTC")
            batch = batch.set_column(at, field.name, pa.array(moments))
    return batch
