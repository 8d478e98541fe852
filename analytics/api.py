"""REST under /api/v1/: the HTTP twin of every live topic."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import django_auth

from analytics.access import open_topic
from analytics.core.described import described
from analytics.core.metrics import metrics
from analytics.search import router as search_router
from analytics.series_api import router as series_router
from analytics.topics import RefusedError
from analytics.topics.base import POINTS, no_such

api = NinjaAPI(title="livepairs", version="1", auth=django_auth, urls_namespace="api", docs_url=None)
api.add_router("", search_router)
api.add_router("", series_router)

_NO_ID = 2**63


@api.get("/topics/{topic}", url_name="topic")
def topic(request: HttpRequest, topic: str, since: int | None = None, points: int = POINTS) -> HttpResponse:
    """The frame that brings a client up to date that has seen frame number `since`, or nothing yet."""
    if since is not None and not 0 <= since < _NO_ID:
        since = None
    if request.user.pk is None:
        raise no_such(topic)
    text = open_topic(request.user.pk, topic, since, points).text
    return _no_store(HttpResponse(text, content_type="application/json"))


@api.get("/metrics", url_name="metrics", auth=None)
def list_metrics(request: HttpRequest) -> HttpResponse:
    """Every metric: name, unit, decimals, parameters, warm-up, formula, definition and source."""
    body = {"metrics": [described(metric) for metric in metrics()]}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


@api.exception_handler(RefusedError)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, RefusedError)
    return problem(error)


@api.exception_handler(AuthenticationError)
def _not_logged_in(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(RefusedError(401, "You are not logged in.", request.path, "Log in and ask again."))


@api.exception_handler(ValidationError)
def _not_valid(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, ValidationError)
    first = error.errors[0]
    where = ".".join(str(part) for part in first.get("loc", ()))
    return problem(RefusedError(422, str(first.get("msg", "not valid")), where, "Correct this value and ask again."))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: Exception) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(RefusedError(error.status_code, str(error), request.path, "See the description of the API."))


def problem(refusal: RefusedError) -> HttpResponse:
    """RFC 9457, with livepairs' three answers: what, where, how to mend."""
    body: dict[str, Any] = {"type": "about:blank", "title": refusal.what, "detail": str(refusal), **refusal.data}
    return _no_store(
        HttpResponse(msgspec.json.encode(body), status=refusal.status, content_type="application/problem+json")
    )


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
