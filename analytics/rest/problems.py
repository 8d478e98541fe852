"""Errors of the API: RFC 9457, with livepairs' three answers: what, where, how to mend."""

from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from analytics.topics.base import RefusedError

CONTENT_TYPE = "application/problem+json"
#: what to do about an answer that no operation of the API made
_MENDS = {
    400: "See the description of the API at /api/v1/docs.",
    403: "Ask staff for the right to do this.",
    404: "See the list of operations at /api/v1/docs.",
    405: "Use a method that the header Allow names.",
    413: "Send less at a time.",
    503: "Ask again in a moment.",
}
_UNKNOWN_MEND = "Ask again later, and tell staff the id of the request."


class Problem(Schema):
    """Every error of the API."""

    type: str
    title: str
    detail: str
    status: int
    what: str
    where: str
    mend: str


def problem(refusal: RefusedError) -> HttpResponse:
    body: dict[str, Any] = {"type": "about:blank", "title": refusal.what, "detail": str(refusal), **refusal.data}
    response = HttpResponse(msgspec.json.encode(body), status=refusal.status, content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="livepairs"'
    return response


def problem_of(request: HttpRequest, status: int) -> HttpResponse:
    """For an answer that was made outside of the API's operations."""
    phrase = HTTPStatus(status).phrase
    return problem(RefusedError(status, f"{phrase}.", request.path, _MENDS.get(status, _UNKNOWN_MEND)))


def add_handlers(api: NinjaAPI) -> None:
    """Have the API answer every refusal with a problem."""

    @api.exception_handler(RefusedError)
    def refused(request: HttpRequest, error: Exception) -> HttpResponse:
        assert isinstance(error, RefusedError)
        return problem(error)

    @api.exception_handler(AuthenticationError)
    def not_logged_in(request: HttpRequest, error: Exception) -> HttpResponse:
        mend = "Log in, or send a token of /settings/tokens/ in the header Authorization: Bearer lp_…"
        return problem(RefusedError(401, "You are not logged in.", request.path, mend))

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: Exception) -> HttpResponse:
        assert isinstance(error, ValidationError)
        first = error.errors[0]
        where = ".".join(str(part) for part in first.get("loc", ()))
        message = str(first.get("msg", "not valid")).removeprefix("Value error, ")
        return problem(RefusedError(422, message, where, "Correct this value and ask again."))

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: Exception) -> HttpResponse:
        assert isinstance(error, HttpError)
        mend = "See the description of the API at /api/v1/docs."
        return problem(RefusedError(error.status_code, str(error), request.path, mend))
