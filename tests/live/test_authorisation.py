"""Who may listen to what, by socket and by HTTP, as each of the cast; and what happens when that ends."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.utils import timezone

from accounts.audit import SYSTEM
from accounts.models import QuotaOverride, User
from accounts.quotas import default_of
from analytics.models import Pair, PublicLink
from analytics.publish import revoke
from analytics.sharing import make_link, revoke_link, share, take_back
from analytics.topics import known_kinds
from tests.live.conftest import Cast, session_of
from tests.live.talk import Talk

pytestmark = pytest.mark.django_db(transaction=True)

#: topic, and the status for Alice who owns, Bob who shares, Mallory and Nobody. Alice's id stands for {alice}.
TABLE = [
    ("spec.{spec}", 200, 200, 404, 401),
    ("spec.{spec}0", 404, 404, 404, 401),
    ("spec.-1", 404, 404, 404, 401),
    ("spec.9223372036854775808", 404, 404, 404, 401),
    ("spec.", 404, 404, 404, 401),
    ("spec.١", 404, 404, 404, 401),
    ("watch.{spec}", 200, 200, 404, 401),
    ("watch.{spec}0", 404, 404, 404, 401),
    ("watch.-1", 404, 404, 404, 401),
    ("watch.9223372036854775808", 404, 404, 404, 401),
    ("watch.", 404, 404, 404, 401),
    ("watch.١", 404, 404, 404, 401),
    ("bars.simulated:AAAUSDT@1m", 200, 200, 200, 401),
    ("bars.simulated:AAAUSDT@2m", 404, 404, 404, 401),
    ("bars.simulated:AAAUSDT", 404, 404, 404, 401),
    ("bars.simulated:NONE@1m", 404, 404, 404, 401),
    ("bars.@", 404, 404, 404, 401),
    ("funding.simulated:AAAUSDT", 200, 200, 200, 401),
    ("funding.simulated:NONE", 404, 404, 404, 401),
    ("price.simulated:AAAUSDT", 200, 200, 200, 401),
    ("price.simulated:NONE", 404, 404, 404, 401),
    ("price.binance:AAAUSDT", 404, 404, 404, 401),
    ("feed", 200, 200, 200, 401),
    ("feed.x", 404, 404, 404, 401),
    ("user.{alice}", 200, 404, 404, 401),
    ("user.0", 404, 404, 404, 401),
    ("control", 404, 404, 404, 401),
    ("nothing.1", 404, 404, 404, 401),
    ("", 404, 404, 404, 401),
]
WHO = ("alice", "bob", "mallory", "nobody")


def test_the_table_names_every_kind_of_topic() -> None:
    assert {topic.partition(".")[0] for topic, *_ in TABLE} >= set(known_kinds())


def named(topic: str, cast: Cast) -> str:
    return topic.format(spec=cast.spec.pk, alice=cast.alice.pk)


@pytest.mark.parametrize("row", TABLE, ids=[row[0] or "empty" for row in TABLE])
def test_http_answers_each_of_the_cast(row: tuple[Any, ...], cast: Cast) -> None:
    topic, *expected = row
    seen = [answer(getattr(cast, who, None), named(topic, cast)).status_code for who in WHO]
    # Without a topic there is no such address at all, logged in or not
    assert seen == (expected if topic else [404] * 4)


def answer(user: User | None, topic: str) -> Any:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/api/v1/topics/{topic}")


@pytest.mark.parametrize("who", WHO[:3])
async def test_the_socket_answers_each_of_the_cast(who: str, cast: Cast, talk: type[Talk]) -> None:
    socket = await talk.to(await sync_to_async(session_of)(getattr(cast, who)))
    seen = []
    for topic, *_ in TABLE:
        await socket.say(op="sub", topic=named(topic, cast))
        frame = await socket.hear()
        assert frame["topic"] == named(topic, cast)
        seen.append(frame["data"]["status"] if frame["kind"] == "error" else 200)
        await socket.acknowledge()
    assert seen == [row[1 + WHO.index(who)] for row in TABLE]


async def test_nobody_is_told_to_log_in_and_closed(cast: Cast, talk: type[Talk]) -> None:
    nobody = await talk.to(None)
    frame = await nobody.hear()
    assert (frame["kind"], frame["data"]["status"]) == ("error", 401)
    assert await nobody.closed_with() == 4401


def test_what_is_not_there_and_what_is_not_ones_own_read_the_same(cast: Cast) -> None:
    theirs, absent = f"spec.{cast.spec.pk}", f"spec.{cast.spec.pk + 1}"
    first, second = answer(cast.mallory, theirs), answer(cast.mallory, absent)
    assert first.content.replace(theirs.encode(), b"") == second.content.replace(absent.encode(), b"")
    assert first["Content-Type"] == "application/problem+json"


def test_the_http_twin_is_never_stored_by_caches(cast: Cast) -> None:
    assert answer(cast.alice, "feed")["Cache-Control"] == "no-store"
    assert answer(cast.mallory, f"spec.{cast.spec.pk}")["Cache-Control"] == "no-store"


def test_a_bad_number_is_answered_with_what_and_where(cast: Cast) -> None:
    body = json.loads(answer(cast.alice, "feed?since=soon").content)
    assert (body["status"], body["where"]) == (422, "query.since")


# --- rights that end ------------------------------------------------------------------------------
async def test_a_removed_pair_ends_the_subscription(cast: Cast, talk: type[Talk]) -> None:
    bob = await listening(cast.bob, cast, talk)
    await Pair.objects.filter(owner=cast.bob).adelete()
    await sync_to_async(revoke)(cast.bob.pk, cast.spec.topic)
    assert (await bob.hear())["kind"] == "gone"


async def test_a_removed_pair_ends_the_subscription_without_a_message_too(cast: Cast, talk: type[Talk]) -> None:
    bob = await listening(cast.bob, cast, talk)
    await Pair.objects.filter(owner=cast.bob).adelete()
    assert (await bob.hear())["kind"] == "gone"


async def test_a_revocation_concerns_one_user_only(cast: Cast, talk: type[Talk]) -> None:
    alice, bob = await listening(cast.alice, cast, talk), await listening(cast.bob, cast, talk)
    await sync_to_async(revoke)(cast.bob.pk, cast.spec.topic)
    assert (await bob.hear())["kind"] == "gone"
    assert await alice.socket.receive_nothing()


def log_out(user: User) -> None:
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()


def block(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_password(user: User) -> None:
    user.set_password("another-long-password")
    user.save()


def delete(user: User) -> None:
    user.delete()


@pytest.mark.parametrize("end", [log_out, block, change_password, delete])
async def test_the_end_of_a_login_ends_its_sockets(end: Callable[[User], None], cast: Cast, talk: type[Talk]) -> None:
    alice = await listening(cast.alice, cast, talk)
    await sync_to_async(end)(cast.alice)
    assert await alice.closed_with() == 4401


async def test_a_login_that_is_ended_from_the_list_ends_its_sockets_and_no_others(cast: Cast, talk: type[Talk]) -> None:
    hers, other = Client(), Client()
    for client in (hers, other):
        await sync_to_async(client.post)("/accounts/login/", {"login": "alice", "password": "pass-alice-word"})
    ending, staying = [await talk.to(client.cookies["sessionid"].value) for client in (hers, other)]
    for socket in (ending, staying):
        await socket.say(op="sub", topic=cast.spec.topic)
        assert (await socket.hear())["kind"] == "snapshot"
    await sync_to_async(other.post)("/settings/logins/others/end/")
    assert await ending.closed_with() == 4401
    await staying.say(op="ping", sent=1)
    assert (await staying.hear())["kind"] == "pong"


async def listening(user: User, cast: Cast, talk: type[Talk]) -> Talk:
    socket = await talk.to(await sync_to_async(session_of)(user))
    await socket.say(op="sub", topic=cast.spec.topic)
    assert (await socket.hear())["kind"] == "snapshot"
    return socket


# --- the door -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://good.evil",
        "http://localhost.evil.example",
        "https://localhost",
        "http://localhost:81",
        "HTTP://LOCALHOST",
        "http://127.0.0.1",
        "",
    ],
)
async def test_other_origins_are_refused(origin: str | None, cast: Cast, talk: type[Talk]) -> None:
    stranger = talk.dial(await sync_to_async(session_of)(cast.alice), origin=origin)
    accepted, _ = await stranger.socket.connect(60)
    assert not accepted


async def test_a_host_that_is_not_ours_is_refused(cast: Cast, talk: type[Talk]) -> None:
    session = await sync_to_async(session_of)(cast.alice)
    stranger = talk.dial(session, origin="http://evil.example", host="evil.example")
    accepted, _ = await stranger.socket.connect(60)
    assert not accepted


@pytest.mark.parametrize("most", [None, 3])
async def test_a_user_has_so_many_sockets_and_no_more(cast: Cast, talk: type[Talk], most: int | None) -> None:
    if most is not None:
        await QuotaOverride.objects.acreate(user=cast.alice, name="sockets", most=most)
    session = await sync_to_async(session_of)(cast.alice)
    for _ in range(most or default_of("sockets")):
        await talk.to(session)
    one_more = await talk.to(session)
    data = (await one_more.hear())["data"]
    assert (data["status"], data["what"]) == (429, f"You have {most or 20} live connections open, the limit.")
    assert await one_more.closed_with() == 4429


# --- public links -----------------------------------------------------------------------------------
async def test_a_holder_of_a_link_hears_the_topics_of_its_view_until_it_is_revoked(
    cast: Cast, talk: type[Talk]
) -> None:
    pair = await Pair.objects.select_related("owner", "spec__y", "spec__x").aget(owner=cast.alice)
    link, secret = await sync_to_async(make_link)(pair, "", 30, SYSTEM)
    holder = await talk.to(None, link=secret)
    for topic, expected in (
        (cast.spec.topic, "snapshot"),
        ("bars.simulated:AAAUSDT@1s", "snapshot"),
        ("price.simulated:BBBUSDT", "snapshot"),
        ("bars.simulated:AAAUSDT@1m", "error"),
        ("feed", "error"),
        (f"user.{cast.alice.pk}", "error"),
        (f"watch.{cast.spec.pk}", "error"),
    ):
        await holder.say(op="sub", topic=topic)
        assert (await holder.hear())["kind"] == expected, topic
    await sync_to_async(revoke_link)(link, SYSTEM)
    assert {(await holder.hear())["kind"] for _ in range(3)} == {"gone"}
    assert await holder.closed_with() == 4401


async def test_a_link_that_runs_out_closes_its_sockets(cast: Cast, talk: type[Talk]) -> None:
    pair = await Pair.objects.select_related("owner", "spec__y", "spec__x").aget(owner=cast.alice)
    link, secret = await sync_to_async(make_link)(pair, "", 30, SYSTEM)
    holder = await talk.to(None, link=secret)
    await PublicLink.objects.filter(pk=link.pk).aupdate(expires_at=timezone.now())
    assert await holder.closed_with() == 4401


async def test_a_wrong_link_is_closed_even_with_a_session(cast: Cast, talk: type[Talk]) -> None:
    stranger = await talk.to(await sync_to_async(session_of)(cast.alice), link="wrong")
    frame = await stranger.hear()
    assert (frame["data"]["status"], frame["data"]["what"]) == (401, "This link has ended.")
    assert await stranger.closed_with() == 4401


async def test_a_share_that_is_taken_back_ends_the_stream(cast: Cast, talk: type[Talk]) -> None:
    pair = await Pair.objects.select_related("spec__y", "spec__x").aget(owner=cast.alice)
    found = await sync_to_async(share)(cast.alice, pair, "mallory", SYSTEM)
    mallory = await listening(cast.mallory, cast, talk)
    await sync_to_async(take_back)(found, SYSTEM)
    assert (await mallory.hear())["kind"] == "gone"
