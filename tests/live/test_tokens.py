"""The live socket for scripts: a token in the header or in the first message, and its end."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.tokens.use import NewToken, make_token
from analytics import doors
from analytics.sockets import sockets
from tests.live.conftest import Cast, session_of
from tests.live.talk import Talk

pytestmark = pytest.mark.django_db(transaction=True)


async def token_of(user: User, *scopes: str) -> NewToken:
    return await sync_to_async(make_token)(user, "script", list(scopes or ("read",)), 90)


async def script(talk: type[Talk], first: dict[str, Any] | None = None, **options: Any) -> Talk:
    """A client without an origin."""
    socket = await talk.to(None, origin=None, **options)
    if first is not None:
        await socket.say(**first)
    return socket


async def refusal(socket: Talk) -> tuple[int, str, int]:
    """Status and words of the error, and the code of the close after it."""
    frame = await socket.hear()
    assert frame["kind"] == "error"
    return frame["data"]["status"], frame["data"]["what"], await socket.closed_with()


async def test_a_token_in_the_first_message_opens_the_socket(cast: Cast, talk: type[Talk]) -> None:
    made = await token_of(cast.alice, "read", "write")
    socket = await script(talk, {"op": "auth", "token": made.secret})
    ready = await socket.hear()
    assert (ready["kind"], ready["data"]["user"], ready["data"]["scopes"]) == ("ready", "alice", ["read", "write"])
    await socket.say(op="sub", topic=cast.spec.topic)
    assert (await socket.hear())["kind"] == "snapshot"


async def test_a_token_in_the_header_opens_the_socket(cast: Cast, talk: type[Talk]) -> None:
    made = await token_of(cast.bob)
    socket = await script(talk, authorization=f"Bearer {made.secret}")
    assert (await socket.hear())["kind"] == "ready"
    await socket.say(op="sub", topic=cast.spec.topic)
    assert (await socket.hear())["kind"] == "snapshot"
    token = await ApiToken.objects.aget(pk=made.token.pk)
    assert token.last_used_at is not None


async def test_a_token_opens_its_owners_topics_only(cast: Cast, talk: type[Talk]) -> None:
    made = await token_of(cast.mallory)
    socket = await script(talk, {"op": "auth", "token": made.secret})
    await socket.hear()
    await socket.say(op="sub", topic=cast.spec.topic)
    assert (await socket.hear())["data"]["status"] == 404


async def test_a_token_that_may_not_read_is_told_so(cast: Cast, talk: type[Talk]) -> None:
    made = await token_of(cast.alice, "write")
    status, what, code = await refusal(await script(talk, {"op": "auth", "token": made.secret}))
    assert (status, code) == (403, 4403)
    assert "lacks the scope “read”; it has: write" in what


async def test_an_unknown_token_is_told_so(cast: Cast, talk: type[Talk]) -> None:
    status, what, code = await refusal(await script(talk, authorization=f"Bearer lp_{'x' * 43}"))
    assert (status, what, code) == (401, "There is no such token.", 4401)


@pytest.mark.parametrize(
    "first", [{"op": "sub", "topic": "feed"}, {"op": "auth", "token": "secret"}, {"op": "auth"}, {"op": "other"}]
)
async def test_without_a_token_first_nothing_is_opened(first: dict[str, Any], cast: Cast, talk: type[Talk]) -> None:
    status, _, code = await refusal(await script(talk, first))
    assert (status, code) == (401, 4401)


@pytest.mark.parametrize("header", ["", "Basic YWxpY2U6cGFzcw==", "lp_", "Bearer", "Bearer lp_1, Bearer lp_2"])
async def test_a_header_that_is_no_token_is_refused(header: str, cast: Cast, talk: type[Talk]) -> None:
    status, _, code = await refusal(await script(talk, authorization=header))
    assert (status, code) == (401, 4401)


async def test_a_script_has_no_use_of_a_stolen_cookie(cast: Cast, talk: type[Talk]) -> None:
    session = await sync_to_async(session_of)(cast.alice)
    socket = await talk.to(session, origin=None)
    await socket.say(op="sub", topic=cast.spec.topic)
    assert (await refusal(socket))[0] == 401


async def test_a_wrong_token_is_not_mended_by_a_session(cast: Cast, talk: type[Talk]) -> None:
    session = await sync_to_async(session_of)(cast.alice)
    socket = await talk.to(session, authorization="Bearer wrong")
    assert (await refusal(socket))[0] == 401


async def test_who_says_nothing_is_closed(cast: Cast, talk: type[Talk], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "TOKEN_WAIT_S", 0.05)
    status, what, code = await refusal(await script(talk))
    assert (status, code) == (401, 4401)
    assert what.startswith("No token came")


async def test_only_so_many_may_wait_without_a_token(
    cast: Cast, talk: type[Talk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_STRANGERS", 1)
    await script(talk)
    while not sockets().strangers:
        await asyncio.sleep(0)
    assert (await refusal(await script(talk)))[::2] == (429, 4429)


async def test_a_second_token_is_refused_and_the_socket_goes_on(cast: Cast, talk: type[Talk]) -> None:
    made = await token_of(cast.alice)
    socket = await script(talk, {"op": "auth", "token": made.secret})
    await socket.hear()
    await socket.say(op="auth", token=made.secret)
    assert (await socket.hear())["data"]["status"] == 400
    await socket.say(op="sub", topic="feed")
    assert (await socket.hear())["topic"] == "feed"


# --- the end of a token ------------------------------------------------------------------------------
def revoke(token: ApiToken) -> None:
    token.revoke()


def expire(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def lose_scope(token: ApiToken) -> None:
    ApiToken.objects.filter(pk=token.pk).update(scopes=["write"])


def block(token: ApiToken) -> None:
    User.objects.filter(pk=token.owner_id).update(is_active=False)


def delete(token: ApiToken) -> None:
    token.owner.delete()


@pytest.mark.parametrize("end", [revoke, expire, lose_scope, block, delete])
async def test_the_end_of_a_token_ends_its_sockets(
    end: Callable[[ApiToken], None], cast: Cast, talk: type[Talk]
) -> None:
    made, kept = await token_of(cast.alice), await token_of(cast.bob)
    ended = await script(talk, {"op": "auth", "token": made.secret})
    going_on = await script(talk, {"op": "auth", "token": kept.secret})
    await ended.hear(), await going_on.hear()
    await sync_to_async(end)(made.token)
    assert await ended.closed_with() == 4401
    await going_on.say(op="ping", sent=1)
    assert (await going_on.hear())["kind"] == "pong"
    opened_again = await script(talk, {"op": "auth", "token": made.secret})
    assert (await refusal(opened_again))[0] in (401, 403)
