"""Rows of one thing in order of time: by pages as JSON, or the whole range as a file."""

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponseBase

from analytics.rest.answers import MOST_FILE_ROWS, file_answer, json_answer, not_modified
from analytics.rest.params import Cursor, RowQuery, Times, chosen
from analytics.topics.base import RefusedError
from market.tables import Column, Table

#: a table of the columns asked for, and its first and last key
Source = Callable[[tuple[Column, ...]], tuple[Table, int, int]]


def rows_answer(
    request: HttpRequest, query: RowQuery, name: str, columns: tuple[Column, ...], source: Source
) -> HttpResponseBase:
    """`name` names the rows; a cursor of other rows is refused."""
    names = chosen(query.fields, [column.name for column in columns])
    by_name = {column.name: column for column in columns}
    table, first, last = source(tuple(by_name[each] for each in names))
    if query.format != "json":
        if query.cursor:
            mend = "Leave the cursor out, or ask for format=json."
            raise RefusedError(422, "Files are not given by pages.", "query.cursor", mend)
        return whole_answer(request, table, (first, last), query.times, query.format)
    after = Cursor.read(query.cursor, name)
    if after is not None:
        first = max(first, after + 1)
    batch, keys = table.batch(first, last, "ms", query.limit + 1)
    has_more = len(keys) > query.limit
    body = {
        "items": _items(batch.slice(0, query.limit), table, query.times),
        "next": str(Cursor(name, int(keys[query.limit - 1]))) if has_more else None,
    }
    return json_answer(request, body)


def whole_answer(
    request: HttpRequest, table: Table, span: tuple[int, int], times: Times, kind: str
) -> HttpResponseBase:
    """All rows of the range as a file; 422 where there are too many, 304 where the client has just these."""
    rows, mark = table.extent(*span, MOST_FILE_ROWS + 1)
    if rows > MOST_FILE_ROWS:
        what = f"This range holds more than {MOST_FILE_ROWS:,} rows."
        raise RefusedError(422, what, "query.from, query.to", "Ask for a shorter range, several times.")
    stamp = hashlib.sha256(f"{request.get_full_path()} {mark}".encode()).hexdigest()[:32]
    answer = not_modified(request, stamp)
    return answer or file_answer(request, table, span, times, kind=kind, stamp=stamp)


def _items(batch: Any, table: Table, times: Times) -> list[dict[str, Any]]:
    names = [column.name for column in table.columns]
    lists = [_values(values, column, times) for values, column in zip(batch.columns, table.columns, strict=True)]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]


def _values(values: Any, column: Column, times: Times) -> list[Any]:
    if column.kind == "time" and times == "iso":
        moments = values.to_numpy(zero_copy_only=False).astype("M8[ms]")
        texts: list[str] = np.datetime_as_string(moments, unit="ms", timezone="UTC").tolist()
        return texts
    found: list[Any] = values.to_pylist()
    return found
