"""How a socket comes in: the session of a browser, or the token of a script in a header or in the first message."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from channels.auth import get_user
from channels.db import database_sync_to_async

from accounts.addresses import client_address
from accounts.models import ApiToken, Scope
from accounts.quotas import quota_of
from accounts.tokens.secret import bearer_of
from accounts.tokens.use import TokenRefusedError, check_scope, read_token
from analytics.access import Login
from analytics.holders import find_link, holder_of
from analytics.messages import LARGEST_MESSAGE, Auth, MessageError, read_message
from analytics.sockets import MOST_STRANGERS, sockets
from analytics.topics import RefusedError

Receive = Callable[[], Awaitable[dict[str, Any]]]
#: key of the scope that is true for clients without an origin
IS_SCRIPT = "livepairs.is_script"
#: a script shows its token within this time
TOKEN_WAIT_S = 10.0
#: sockets of one public link in each web process, however many people have it
SOCKETS_PER_LINK = 50
WHERE = "/ws/live/"
_CONTRACT = "The contract is in docs/live-api.md."


@dataclass(frozen=True, slots=True)
class Entry:
    """Who came in, what is told a script about its token, and how many sockets may be open at once."""

    login: Login
    most_sockets: int
    told: dict[str, Any] | None = None
    who: str = "You have"


class GoneError(Exception):
    """The client left before it said who it is."""


async def enter(scope: dict[str, Any], receive: Receive) -> Entry:
    """RefusedError says why somebody may not come in. DatabaseError when nobody can be checked."""
    links = parse_qs(scope.get("query_string", b"").decode("latin1")).get("link")
    if links:
        # A link goes before token and session
        by_link: Entry = await database_sync_to_async(_by_link)(links[0])
        return by_link
    header = _header(scope, b"authorization")
    if header is not None:
        secret = bearer_of(header)
        if secret is None:
            raise RefusedError(401, "The header Authorization is not understood.", WHERE, "Send Bearer lp_…")
        return await _by_token(secret, scope)
    user = await get_user(scope)
    if user.is_authenticated:
        most = await database_sync_to_async(quota_of)(user, "sockets")
        return Entry(Login(scope["session"].session_key, user.pk), most)
    if scope.get(IS_SCRIPT):
        return await _by_token(await _first_message(receive), scope)
    raise RefusedError(401, "You are not logged in.", WHERE, "Log in and connect again.")


async def _first_message(receive: Receive) -> str:
    """The token in the first message."""
    mend = 'Say {"op":"auth","token":"lp_…"} first, or send it in the header Authorization.'
    with _counted():
        try:
            event = await asyncio.wait_for(receive(), TOKEN_WAIT_S)
        except TimeoutError:
            raise RefusedError(401, f"No token came within {TOKEN_WAIT_S:.0f} s.", WHERE, mend) from None
    if event["type"] == "websocket.disconnect":
        raise GoneError
    text = event.get("text")
    try:
        message = read_message(text if len(text or "") <= LARGEST_MESSAGE else None)
    except MessageError as error:
        raise RefusedError(401, str(error), WHERE, mend) from None
    if not isinstance(message, Auth):
        raise RefusedError(401, "The first message is no token.", WHERE, mend)
    return message.token


@contextmanager
def _counted() -> Iterator[None]:
    """So many strangers may wait at a time and no more."""
    here = sockets()
    if here.strangers >= MOST_STRANGERS:
        raise RefusedError(429, "Too many clients without a token.", WHERE, "Send it in the header Authorization.")
    here.strangers += 1
    try:
        yield
    finally:
        here.strangers -= 1


async def _by_token(secret: str, scope: dict[str, Any]) -> Entry:
    forwarded = _header(scope, b"x-forwarded-for") or ""
    address = client_address((scope.get("client") or ("",))[0], forwarded)
    try:
        token: ApiToken = await database_sync_to_async(_opened)(secret, address)
    except TokenRefusedError as error:
        raise RefusedError(error.status, error.what, WHERE, error.mend) from None
    told = {
        "user": token.owner.get_username(),
        "scopes": token.scope_words,
        "expires_ms": round(token.expires_at.timestamp() * 1_000),
    }
    most = await database_sync_to_async(quota_of)(token.owner, "sockets")
    return Entry(Login("", token.owner_id, token.pk), most, told)


def _by_link(secret: str) -> Entry:
    link = find_link(secret)
    if link is None:
        raise RefusedError(401, "This link has ended.", WHERE, "Ask who sent it for a new one.")
    return Entry(Login("", holder_of(link)), SOCKETS_PER_LINK, who="This link has")


def _opened(secret: str, address: str | None) -> ApiToken:
    token = read_token(secret)
    check_scope(token, Scope.READ)
    token.note_use(address)
    return token


def _header(scope: dict[str, Any], name: bytes) -> str | None:
    """The value of a header; of one that is there twice all of them, which is no token."""
    values = [value.decode("latin1") for each, value in scope["headers"] if each == name]
    return ",".join(values) if values else None
