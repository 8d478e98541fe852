"""What is refused before any page or socket sees it."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.request import split_domain_port, validate_host

from analytics.consumers import IS_SCRIPT, SERVER_SEND
from analytics.rest.problems import problem
from analytics.topics.base import RefusedError

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_LIMIT = 3_000_000


def without_forged_prefix(inner: Application) -> Application:
    """daphne lets any client set the prefix of all links by a header (Daphne-Root-Path); livepairs has no prefix."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await inner({**scope, "root_path": ""}, receive, send)

    return application


class BodyLimit:
    """413 for a request body above BODY_LIMIT.

    daphne takes a whole body before it calls the application; a proxy in front bounds that (docs/decisions.md).
    """

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        length = _header(scope, b"content-length") or "0"
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return await _too_large(path, send)
        received = 0

        async def counted() -> dict[str, Any]:
            nonlocal received
            event = await receive()
            received += len(event.get("body", b""))
            if received > BODY_LIMIT:
                raise _BodyTooLargeError
            return event

        try:
            await self._inner(scope, counted, send)
        except _BodyTooLargeError:
            await _too_large(path, send)


class _BodyTooLargeError(Exception):
    """Raised out of `receive`: Django reads the body before it answers."""


async def _too_large(path: str, send: Send) -> None:
    what, mend = f"The request is larger than {BODY_LIMIT} bytes.", "Send less at a time."
    if path.startswith("/api/"):
        answer = problem(RefusedError(413, what, path, mend))
    else:
        answer = HttpResponse(f"{what} {mend}", content_type="text/plain")
    headers = [(b"content-type", answer["Content-Type"].encode()), (b"content-length", b"%d" % len(answer.content))]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": answer.content})


class SameOrigin:
    """Only pages of this site may open its sockets, or any page could with the visitor's cookies.

    The origin must be the site's own, scheme and port included, or one of CSRF_TRUSTED_ORIGINS. A client that names
    none is no browser: it goes on without its cookies, and must show a token.
    """

    def __init__(self, inner: Application) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_script = all(name != b"origin" for name, _ in scope["headers"])
        if not _is_own_host(scope) or not (is_script or _is_same_origin(scope)):
            return await send({"type": "websocket.close", "code": 4403})
        if is_script:
            scope = {**scope, "headers": [each for each in scope["headers"] if each[0] != b"cookie"]}
        return await self._inner({**scope, SERVER_SEND: send, IS_SCRIPT: is_script}, receive, send)


def _is_own_host(scope: Scope) -> bool:
    allowed_hosts = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    host = _header(scope, b"host")
    return bool(host) and validate_host(split_domain_port(host)[0], allowed_hosts)


def _is_same_origin(scope: Scope) -> bool:
    host, origin = _header(scope, b"host"), _header(scope, b"origin")
    if not origin:
        return False
    scheme = "https" if settings.HTTPS else "http"
    return origin == f"{scheme}://{host}" or origin in settings.CSRF_TRUSTED_ORIGINS


def _header(scope: Scope, name: bytes) -> str:
    """A header that is there exactly once, else nothing."""
    values = [value for each, value in scope["headers"] if each == name]
    return values[0].decode("latin1") if len(values) == 1 else ""
