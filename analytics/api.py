"""REST under /api/v1/: the HTTP twin of every live topic, and all that scripts need (analytics/rest)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from analytics.access import open_topic
from analytics.core.described import described
from analytics.core.metrics import metrics
from analytics.holders import LinkHeader, reader_of
from analytics.rest.access import SessionAuth, TokenAuth
from analytics.rest.answers import json_answer
from analytics.rest.instruments import router as instruments_router
from analytics.rest.me import router as me_router
from analytics.rest.openapi import Api
from analytics.rest.pairs import router as pairs_router
from analytics.rest.problems import add_handlers
from analytics.rest.shapes import Anything, FrameOut
from analytics.search import router as search_router
from analytics.series_api import router as series_router
from analytics.topics.base import POINTS

_ABOUT = """Everything that the pages show.

Each request carries the session of a login, or a token of /settings/tokens/ in the header `Authorization: Bearer lp_…`.
Errors are application/problem+json with `what`, `where` and `mend`."""

api = Api(
    title="livepairs",
    version="1",
    description=_ABOUT,
    auth=[TokenAuth(), SessionAuth(), LinkHeader()],
    urls_namespace="api",
    docs_url=None,
)
for _router in (instruments_router, pairs_router, me_router, search_router, series_router):
    api.add_router("", _router)
add_handlers(api)

_NO_ID = 2**63


@api.get("/topics/{topic}", url_name="topic", tags=["Live"], response=FrameOut)
def topic(request: HttpRequest, topic: str, since: int | None = None, points: int = POINTS) -> HttpResponse:
    """The frame that brings a client up to date that has seen frame number `since`, or nothing yet."""
    if since is not None and not 0 <= since < _NO_ID:
        since = None
    response = HttpResponse(open_topic(reader_of(request), topic, since, points).text, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


@api.get("/metrics", url_name="metrics", auth=None, tags=["Statistics"], response=Anything)
def list_metrics(request: HttpRequest) -> HttpResponseBase:
    """Every metric: name, unit, decimals, parameters, warm-up, formula, definition and source."""
    body: dict[str, Any] = {"metrics": [described(metric) for metric in metrics()]}
    return json_answer(request, body)
