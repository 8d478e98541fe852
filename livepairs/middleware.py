"""What every answer carries, and what is answered before any page is asked."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.rates import Rate
from analytics.rest.problems import CONTENT_TYPE as PROBLEM
from analytics.rest.problems import problem_of
from livepairs import request_ids
from livepairs.maintenance import EXEMPT, Maintenance, unavailable
from livepairs.version import HEADER as VERSION_HEADER

Answer = Callable[[HttpRequest], HttpResponse]


class Marks:
    """The id of the request, and the version that answered it."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = request_ids.begin()
        response = self._get_response(request)
        response[request_ids.HEADER] = request_id
        response[VERSION_HEADER] = settings.VERSION.build
        return response


class ApiAnswers:
    """Under /api/ every error is a problem, whoever made it, and every answer says how much of the rate is left."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= HTTPStatus.BAD_REQUEST and response.get("Content-Type") != PROBLEM:
            response = _as_problem(request, response)
        rate: Rate | None = getattr(request, "rate", None)
        if rate is not None:
            response["RateLimit-Limit"] = str(rate.limit)
            response["RateLimit-Remaining"] = str(rate.remaining)
            response["RateLimit-Reset"] = str(rate.reset_s)
            if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
                response["Retry-After"] = str(rate.reset_s)
        return response


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    answer = problem_of(request, response.status_code)
    for name in ("Allow", "Retry-After", "Vary"):
        if name in response:
            answer[name] = response[name]
    return answer


class Closed:
    """503 for all pages while LIVEPAIRS_MAINTENANCE is set."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        why = Maintenance.parse(settings.MAINTENANCE)
        if why is None or request.path.startswith(EXEMPT):
            return self._get_response(request)
        return unavailable(request, why)
