"""What every answer carries, and what is answered before any page is asked."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

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


class Closed:
    """503 for all pages while LIVEPAIRS_MAINTENANCE is set."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        why = Maintenance.parse(settings.MAINTENANCE)
        if why is None or request.path.startswith(EXEMPT):
            return self._get_response(request)
        return unavailable(request, why)
