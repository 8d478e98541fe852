"""The page while livepairs cannot serve: closed by LIVEPAIRS_MAINTENANCE, or without its database."""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from analytics.rest.problems import problem
from analytics.topics.base import RefusedError

#: answered even then: machines ask whether this process lives, and the page needs its style
EXEMPT = ("/healthz", "/readyz", "/static/")
RETRY_SECONDS = 30
SOON_SECONDS = 5
#: SQLSTATE classes of a server that is not there, shuts down, starts up or has no connection left
_AWAY = ("08", "57P", "53300")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Why, and until when if that is known."""

    text: str
    ends_at: datetime | None = None

    @classmethod
    def parse(cls, setting: str) -> "Maintenance | None":
        """From the setting: empty for none, an ISO 8601 time (UTC without a zone), or a sentence."""
        if not setting:
            return None
        try:
            moment = datetime.fromisoformat(setting)
        except ValueError:
            return cls(setting)
        return cls("livepairs is being maintained.", moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def retry_seconds(self, now: datetime) -> int:
        """Until the expected end; when that has passed, or is not known, soon."""
        left = int((self.ends_at - now).total_seconds()) if self.ends_at else 0
        return left if left > 0 else RETRY_SECONDS


DATABASE_AWAY = Maintenance("The database does not answer. Trades are recorded on disk meanwhile; none is lost.")


def is_database_away(error: BaseException | None) -> bool:
    """Did this come from a database that cannot be reached, and not from what was asked of it?"""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, Error) else None
    return state is None or str(state).startswith(_AWAY)


def unavailable(request: HttpRequest, why: Maintenance, *, retry: int | None = None) -> HttpResponse:
    """503: a page that asks again by itself, or a problem for programs. Neither touches the database."""
    now = datetime.now(UTC)
    seconds = retry or why.retry_seconds(now)
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = problem(RefusedError(status, why.text, request.path, f"Ask again in {seconds} s."))
    else:
        context = {"why": why, "is_over": why.ends_at is not None and why.ends_at <= now}
        response = HttpResponse(render_to_string("503.html", context), status=status)
        response["Refresh"] = str(min(seconds, RETRY_SECONDS))
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response
