"""Everything that belongs to a user, as one archive. Each app registers its own tables.

A model with a key to the user that is neither registered nor left out with a reason fails a test.
"""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from accounts.models import User

_CHUNK = 500
_README = """What livepairs keeps of your account, each table as JSON and as CSV (UTF-8).
Times are ISO 8601 in UTC. Passwords, secrets of second factors and tokens are not in it.
Left out, with the reason:
"""


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of the rows of `model` that belong to a user by the key `of`."""

    name: str
    model: type[Model]
    columns: tuple[str, ...]
    of: str

    def rows(self, user: User) -> Iterator[tuple[Any, ...]]:
        found = self.model._default_manager.filter(**{self.of: user.pk}).order_by("pk")
        yield from found.values_list(*self.columns).iterator(_CHUNK)


_tables: dict[str, Table] = {}
_left_out: dict[type[Model], str] = {}


def register(name: str, model: type[Model], columns: Iterable[str], *, of: str = "owner") -> None:
    """`columns` are those a user may see: list them, so that a secret that is added later stays inside."""
    _tables[name] = Table(name, model, tuple(columns), of)


def leave_out(model: type[Model], reason: str) -> None:
    _left_out[model] = reason


def forgotten() -> list[str]:
    """Models with a key to the user that nobody registered."""
    known = {table.model for table in _tables.values()} | set(_left_out)
    return sorted(model._meta.label for model in _models_of_users() - known)


async def archive(user: User) -> AsyncIterator[bytes]:
    """A zip, made while it is sent: neither memory nor the loop of the server waits for it."""
    parts = _parts(user)

    def following() -> bytes | None:
        return next(parts, None)

    while (part := await sync_to_async(following)()) is not None:
        yield part


def _models_of_users() -> set[type[Model]]:
    user = get_user_model()
    return {
        model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is user
    }


def _parts(user: User) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README + "".join(f"- {reason}\n" for reason in sorted(set(_left_out.values()))))
        yield sink.take()
        for table in sorted(_tables.values(), key=lambda each: each.name):
            for ending, written in (("json", _as_json), ("csv", _as_csv)):
                with archive.open(f"{table.name}.{ending}", "w", force_zip64=True) as file:
                    for text in written(table, user):
                        file.write(text.encode())
                        yield sink.take()
    yield sink.take()


def _as_json(table: Table, user: User) -> Iterator[str]:
    before = "["
    for row in table.rows(user):
        values = dict(zip(table.columns, row, strict=True))
        yield f"{before}\n{json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False)}"
        before = ","
    yield "\n]\n" if before == "," else "[]\n"


def _as_csv(table: Table, user: User) -> Iterator[str]:
    yield _line(table.columns)
    for row in table.rows(user):
        yield _line(row)


def _line(values: Iterable[Any]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_cell(value) for value in values])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).strip('"')


class _Sink(io.RawIOBase):
    """What the archive wrote since the last `take`; nobody can seek in it."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken
