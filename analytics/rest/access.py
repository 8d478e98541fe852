"""Who asks the API: a session of a browser, or the token of a script; what it may do, and how often."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from accounts import rates
from accounts.addresses import address_of
from accounts.models import ApiToken, Scope, User
from accounts.tokens.secret import bearer_of, is_secret
from accounts.tokens.use import TokenRefusedError, check_scope, read_token
from analytics.topics.base import RefusedError

HEADER = "Authorization"
_READING = ("GET", "HEAD", "OPTIONS")
#: values of `format` that give whole series
FILES = ("csv", "arrow")


class TokenAuth(HttpBearer):
    """`Authorization: Bearer lp_…`. A header that is there must be right: no session stands in for it."""

    openapi_description = "A token of /settings/tokens/, in the header Authorization, never in the address."

    def __call__(self, request: HttpRequest) -> ApiToken | None:
        header = request.headers.get(HEADER)
        if header is None:
            _refuse_token_in_address(request)
            return None
        secret = bearer_of(header)
        if secret is None:
            what = "The header Authorization is of a kind that is not understood."
            raise RefusedError(401, what, HEADER, "Send Authorization: Bearer lp_…")
        return self.authenticate(request, secret)

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        try:
            found = read_token(token)
            count_request(request, rates.of_token(found.pk))
            check_scope(found, scope_of(request))
        except TokenRefusedError as error:
            raise refused_token(error, request.path) from None
        found.note_use(address_of(request))
        request.user = found.owner
        return found


class SessionAuth(APIKeyCookie):
    """The login of a browser; what changes something needs the form token of the site as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> User | None:
        user = request.user
        if not isinstance(user, User):
            return None
        if request.method not in _READING and check_csrf(request):
            what = "This request did not come from a page of this site."
            raise RefusedError(403, what, "X-CSRFToken", "Send the form token of the page, or use an API token.")
        count_request(request, rates.of_user(user.pk))
        return user

    def authenticate(self, request: HttpRequest, key: str | None) -> Any | None:
        return self(request)


def scope_of(request: HttpRequest) -> str:
    """What a token must hold for this request."""
    if request.method not in _READING:
        return Scope.WRITE
    return Scope.EXPORT if request.GET.get("format") in FILES else Scope.READ


def user_of(request: HttpRequest) -> User:
    """Whoever was let in."""
    assert isinstance(request.user, User)
    return request.user


def token_of(request: HttpRequest) -> ApiToken | None:
    """The token that let the request in; None for a session."""
    auth = getattr(request, "auth", None)
    return auth if isinstance(auth, ApiToken) else None


def refused_token(error: TokenRefusedError, where: str) -> RefusedError:
    return RefusedError(error.status, error.what, where, error.mend)


def count_request(request: HttpRequest, who: str) -> None:
    """One request more; its headers are written by livepairs.middleware.ApiAnswers."""
    rate = rates.count(who)
    request.rate = rate  # type: ignore[attr-defined]  # kept for the answer
    if rate is not None and rate.is_exceeded:
        what = f"More than {rate.limit} requests in a minute."
        mend = f"Ask again in {rate.reset_s} s, and use the live API for what changes often."
        raise RefusedError(HTTPStatus.TOO_MANY_REQUESTS, what, request.path, mend)


def _refuse_token_in_address(request: HttpRequest) -> None:
    if any(is_secret(value) for values in request.GET.lists() for value in values[1]):
        what = "A token in the address is never accepted: addresses are written into logs."
        raise RefusedError(401, what, "query", "Revoke this token, make a new one, and send it in Authorization.")
