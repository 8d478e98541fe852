"""Who enters the pages of staff."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """404 for all others, as if there were no such page."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (isinstance(request.user, User) and request.user.is_active and request.user.is_staff):
            raise Http404("There is no such page.")
        return view(request, *args, **kwargs)

    return gated


def staff_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
