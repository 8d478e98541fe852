"""Pages of what goes wrong: what happened, and what to do about it.

Under ASGI Django makes them in threads of their own, whose database connections no request ever checks or closes. A
connection that died, as with a restart of the server, would stay there and fail for ever: each page checks it first.
"""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.limits import seconds_to_wait
from analytics.search import nearest_pairs
from livepairs import request_ids
from livepairs.maintenance import DATABASE_AWAY, SOON_SECONDS, is_database_away, unavailable
from market.templatetags.ages import duration

logger = logging.getLogger(__name__)
Page = Callable[..., HttpResponse]


def on_a_living_connection(page: Page) -> Page:
    @wraps(page)
    def made(*args: object, **more: object) -> HttpResponse:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        try:
            return page(*args, **more)
        except Exception:
            # Django answers 500 then, and logs nothing
            logger.exception("a page of an error failed")
            raise

    return made


@on_a_living_connection
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: which permission misses, in the words of who refused."""
    return render(request, "403.html", {"reason": str(exception)}, status=HTTPStatus.FORBIDDEN)


@on_a_living_connection
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: for the address of a pair with the nearest names that are traded."""
    nearest = nearest_pairs(request.path) if request.user.is_authenticated else []
    return render(request, "404.html", {"nearest": nearest}, status=HTTPStatus.NOT_FOUND)


@on_a_living_connection
def too_many(request: HttpRequest) -> HttpResponse:
    """429: how long to wait."""
    seconds = seconds_to_wait(request)
    context = {"wait": None if seconds is None else duration(seconds)}
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    if seconds is not None:
        response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: plain, since what failed may be what other pages are made with."""
    if is_database_away(sys.exc_info()[1]):
        return unavailable(request, DATABASE_AWAY, retry=SOON_SECONDS)
    text = render_to_string("500.html", {"request_id": request_ids.current()})
    return HttpResponse(text, status=HTTPStatus.INTERNAL_SERVER_ERROR)
