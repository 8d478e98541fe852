"""How answers of the API look: JSON with an ETag, and long series as files, streamed."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response

from analytics.rest.params import Times
from market.moments import as_iso
from market.tables import Table, as_arrow, as_csv

#: a week of one-second bars, and a bit
MOST_FILE_ROWS = 700_000
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "arrow": "application/vnd.apache.arrow.stream"}


def json_answer(request: HttpRequest, body: Any, status: int = 200) -> HttpResponse:
    """NaN becomes null. 304 when the client has just this."""
    text = msgspec.json.encode(body)
    response = HttpResponse(text, status=status, content_type="application/json")
    if request.method != "GET":
        response["Cache-Control"] = "no-store"
        return response
    return revalidated(request, response, hashlib.sha256(text).hexdigest()[:32])


def revalidated(request: HttpRequest, response: HttpResponse, stamp: str) -> HttpResponse:
    """The answer with its ETag, or 304. The client may keep it but must ask each time."""
    tag = f'"{stamp}"'
    response["ETag"] = tag
    _only_for_who_asked(response)
    answer = get_conditional_response(request, etag=tag, response=response)
    assert isinstance(answer, HttpResponse)
    if answer is not response:
        _only_for_who_asked(answer)
    return answer


def _only_for_who_asked(response: HttpResponseBase) -> None:
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Authorization, Cookie"


def not_modified(request: HttpRequest, stamp: str) -> HttpResponse | None:
    """304 for a client that has the answer with this stamp, before it is made."""
    answer = revalidated(request, HttpResponse(), stamp)
    return answer if answer.status_code != 200 else None


def file_answer(
    request: HttpRequest, table: Table, span: tuple[int, int], times: Times, *, kind: str, stamp: str
) -> HttpResponseBase:
    """The whole range as CSV or Arrow, block by block: memory holds one block."""
    write = as_csv if kind == "csv" else as_arrow
    parts = write(table.batches(*span, times), table.schema(times))
    response = StreamingHttpResponse(
        _from_thread(parts) if isinstance(request, ASGIRequest) else parts, content_type=CONTENT_TYPES[kind]
    )
    response["ETag"] = f'"{stamp}"'
    response["X-Accel-Buffering"] = "no"
    _only_for_who_asked(response)
    return response


async def _from_thread(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Each part is made in the thread of the request, where its database connection lives."""
    following = sync_to_async(lambda: next(parts, b""))
    while part := await following():
        yield part


def shown(ms: int | None, times: Times) -> str | int | None:
    return ms if ms is None or times == "ms" else as_iso(ms)
