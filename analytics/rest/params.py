"""What requests of the API may say: times, fields, pages, formats."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from ninja import Query, Schema
from pydantic import BeforeValidator, Field, WithJsonSchema

from analytics.topics.base import RefusedError
from market.moments import LATEST_MS, read_ms

#: of a page of rows
USUAL_PAGE, MOST_PAGE = 1_000, 10_000
#: of a page of a list
USUAL_LIST, MOST_LIST = 100, 500
_LAST_KEY = 2**63 - 1

_TIME_SCHEMA = {
    "anyOf": [
        {"type": "string", "format": "date-time"},
        {"type": "integer", "minimum": 0, "maximum": LATEST_MS},
    ]
}
#: a time of a request: ISO 8601 or epoch ms
Moment = Annotated[int, BeforeValidator(read_ms), WithJsonSchema(_TIME_SCHEMA)]
#: a time of an answer
Time = Annotated[str | int, WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]})]
Times = Literal["iso", "ms"]
Format = Literal["json", "csv", "arrow"]

FROM_TEXT = "ISO 8601 or epoch ms, inclusive"


class RowQuery(Schema):
    """A range of rows, by pages as JSON or whole as a file."""

    from_ms: Moment = Field(0, alias="from", description=f"{FROM_TEXT}; without it from the oldest row")
    to_ms: Moment = Field(LATEST_MS, alias="to", description=f"{FROM_TEXT}; without it to the newest row")
    fields: str = Field("", max_length=500, description="names of columns, separated by commas; without it all of them")
    times: Times = Field("iso", description="how times are given: ISO 8601 in UTC, or epoch ms")
    format: Format = Field("json", description="json by pages; csv and arrow (IPC stream) give the whole range")
    limit: int = Field(USUAL_PAGE, ge=1, le=MOST_PAGE, description="rows of a page of JSON")
    cursor: str = Field("", max_length=200, description="`next` of the page before")


class ListQuery(Schema):
    """A page of a list."""

    fields: str = Field("", max_length=500, description="names of fields, separated by commas; without it all of them")
    times: Times = Field("iso", description="how times are given: ISO 8601 in UTC, or epoch ms")
    limit: int = Field(USUAL_LIST, ge=1, le=MOST_LIST, description="most items of the page")
    cursor: str = Field("", max_length=200, description="`next` of the page before")


Rows = Annotated[RowQuery, Query(...)]
Page = Annotated[ListQuery, Query(...)]


def chosen(fields: str, known: Sequence[str]) -> list[str]:
    """The names that `fields` asks for, in its order; all known ones without it."""
    if not fields:
        return list(known)
    asked = list(dict.fromkeys(name.strip() for name in fields.split(",")))
    unknown = [name for name in asked if name not in known]
    if unknown:
        what = f"There is no field “{unknown[0][:40]}”."
        raise RefusedError(422, what, "query.fields", f"Use some of {', '.join(known)}.")
    return asked


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page of one list begins: behind the row with this key. Opaque to clients."""

    of: str
    key: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(f"{self.of}:{self.key}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, of: str) -> int | None:
        """The key in a cursor of this list; None without one, RefusedError 422 for anything else."""
        if not text:
            return None
        try:
            plain = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4)).decode()
        except (binascii.Error, ValueError):
            plain = ""
        name, _, key = plain.rpartition(":")
        if name != of or not key.isascii() or not key.isdigit() or int(key[:19]) > _LAST_KEY or len(key) > 19:
            mend = "Use `next` of the page before, with the same address, or leave it out for the first page."
            raise RefusedError(422, "This is no cursor of this list.", "query.cursor", mend)
        return int(key)
