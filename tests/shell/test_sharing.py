"""Shares with users and public links: who reads what, what is never told, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import SYSTEM
from accounts.models import AuditEntry, QuotaOverride, User
from analytics.access import Login, granted, valid_logins
from analytics.choices import Choice
from analytics.holders import find_link, holder_of
from analytics.models import Pair, PublicLink, Share
from analytics.pairs import change_spec, remove_pair
from analytics.sharing import make_link, revoke_link, share, take_back
from market.core.types import Timeframe
from tests.shell.access_cast import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def shared(cast: Cast, name: str = "mallory") -> Share:
    return share(cast.users["alice"], cast.alices, name, SYSTEM)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- with a user -----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["mallory", "MALLORY", " mallory@example.org "])
def test_a_share_lets_its_viewer_read_and_nothing_more(cast: Cast, name: str) -> None:
    found = shared(cast, name)
    client = cast.client("mallory")
    Pair.objects.filter(pk=cast.alices.pk).update(note="a secret of alice")
    page = client.get(f"/shared/{found.pk}/")
    assert page.status_code == 200
    assert "a secret of alice" not in text_of(page)
    assert client.get(f"/api/v1/topics/spec.{cast.alices.spec_id}").status_code == 200
    for deed in ("settings", "remove", "note", "share", "links"):
        assert client.post(f"/pairs/{cast.alices.pk}/{deed}/").status_code == 403
    assert client.post(f"/shared/{found.pk}/end/").status_code == 404


def test_a_share_that_is_taken_back_ends_at_once(cast: Cast) -> None:
    found = shared(cast)
    ask = (cast.users["mallory"].pk, cast.alices.spec.topic)
    assert granted([ask]) == {ask}
    cast.client("alice").post(f"/shared/{found.pk}/end/")
    assert granted([ask]) == set()
    assert cast.client("mallory").get(f"/shared/{found.pk}/").status_code == 404
    assert cast.client("mallory").post(f"/pairs/{cast.alices.pk}/remove/").status_code == 404


def test_no_answer_tells_whether_an_account_exists(cast: Cast) -> None:
    client = cast.client("alice")
    texts = []
    for name in ("mallory", "nobody-at-all"):
        posted = client.post(f"/pairs/{cast.alices.pk}/share/", {"name": name}, follow=True)
        assert posted.status_code == 200
        plain = text_of(posted).replace(name, "NAME")
        texts.append(plain[plain.index('class="messages"') : plain.index("</ul>", plain.index('class="messages"'))])
    assert texts[0] == texts[1]
    assert "If there is an account called NAME" in texts[0]
    listed = text_of(client.get("/shared/"))
    assert "mallory" in listed
    assert "nobody-at-all" in listed


def test_nobody_shares_with_oneself_or_twice(cast: Cast) -> None:
    client = cast.client("alice")
    address = f"/pairs/{cast.alices.pk}/share/"
    assert "your own name" in text_of(client.post(address, {"name": "Alice@Example.org"}))
    client.post(address, {"name": "bob"})
    assert "shared with bob already" in text_of(client.post(address, {"name": "bob"}))


def test_a_saved_view_can_be_shared(cast: Cast) -> None:
    cast.client("alice").post(f"/views/{cast.alices_view.pk}/share/", {"name": "mallory"})
    client = cast.client("mallory")
    assert cast.alices_view.address in text_of(client.get("/shared/"))
    assert client.post(f"/views/{cast.alices_view.pk}/delete/").status_code == 403
    assert cast.client("bob").post(f"/views/{cast.alices_view.pk}/delete/").status_code == 404


def test_what_a_locked_owner_shared_is_closed(cast: Cast) -> None:
    found = shared(cast)
    _, secret = make_link(cast.alices, "", 30, SYSTEM)
    User.objects.filter(pk=cast.users["alice"].pk).update(is_active=False)
    assert cast.client("mallory").get(f"/shared/{found.pk}/").status_code == 404
    assert find_link(secret) is None


def test_one_thing_is_shared_by_one_row(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.create(owner=cast.users["alice"], name="x", pair=cast.alices, view=cast.alices_view)


# --- with anybody ----------------------------------------------------------------------------------
def test_a_public_link_shows_one_view_and_nothing_of_the_account(cast: Cast) -> None:
    Pair.objects.filter(pk=cast.alices.pk).update(note="a secret of alice", name="her pet")
    made = cast.client("alice").post(
        f"/pairs/{cast.alices.pk}/links/", {"days": "30", "view": "range=1h&win=77&evil=1"}
    )
    assert made.status_code == 201
    secret = text_of(made).partition("/link/")[2].partition("/")[0]
    page = Client().get(f"/link/{secret}/")
    text = text_of(page)
    assert page.status_code == 200
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]
    for private in ("alice", "a secret", "her pet", "Hers", "evil", f'"/pairs/{cast.alices.pk}'):
        assert private not in text
    assert '"range": "1h"' in text
    assert PublicLink.objects.latest("created_at").query == "range=1h"


def test_the_secret_is_not_kept(cast: Cast) -> None:
    link, secret = make_link(cast.alices, "", 30, SYSTEM)
    assert secret not in str(vars(link))
    assert len(secret) >= 43


def test_a_holder_reads_exactly_the_topics_of_the_view(cast: Cast) -> None:
    link, secret = make_link(cast.alices, "", 30, SYSTEM)
    own = {
        f"spec.{cast.alices.spec_id}",
        *(f"{kind}.simulated:{leg}" for kind in ("price", "funding") for leg in ("AAAUSDT", "BBBUSDT")),
        *(f"bars.simulated:{leg}@1s" for leg in ("AAAUSDT", "BBBUSDT")),
    }
    others = {"feed", f"watch.{cast.alices.spec_id}", f"user.{cast.users['alice'].pk}", f"user.{holder_of(link)}"}
    others |= {"bars.simulated:AAAUSDT@1m", "price.simulated:CCCUSDT", f"spec.{cast.alices.spec_id + 1}", "spec.-1"}
    assert granted((holder_of(link), topic) for topic in own | others) == {(holder_of(link), topic) for topic in own}
    for topic in own | others:
        answer = Client().get(f"/api/v1/topics/{topic}", headers={"X-Link": secret})
        assert answer.status_code == (200 if topic in own else 404), topic
    answer = Client().get("/api/v1/ticks/simulated:AAAUSDT?last=1", headers={"X-Link": secret})
    assert answer.status_code in (200, 404)
    assert Client().get("/api/v1/search?q=a", headers={"X-Link": secret}).status_code == 401
    assert Client().get("/api/v1/topics/feed", headers={"X-Link": "wrong"}).status_code == 401


def test_the_holders_of_a_link_share_one_rate(cast: Cast, settings: LazySettings) -> None:
    settings.API_RATE = 2
    _, secret = make_link(cast.alices, "", 30, SYSTEM)
    path, headers = f"/api/v1/topics/spec.{cast.alices.spec_id}", {"X-Link": secret}
    # A minute may begin between them
    answers = [Client().get(path, headers=headers) for _ in range(6)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert 429 in [answer.status_code for answer in answers]
    assert cast.client("alice").get(path).status_code == 200


def test_a_link_is_no_way_to_widen_what_a_user_sees(cast: Cast) -> None:
    """The link is what counts where one is named, also for somebody who is logged in."""
    _, secret = make_link(cast.alices, "", 30, SYSTEM)
    assert cast.client("mallory").get("/api/v1/topics/feed", headers={"X-Link": secret}).status_code == 404
    assert cast.client("mallory").get("/api/v1/topics/feed", headers={"X-Link": "wrong"}).status_code == 401


def revoke_it(link: PublicLink) -> None:
    revoke_link(link, SYSTEM)


def expire(link: PublicLink) -> None:
    PublicLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def lose_the_pair(link: PublicLink) -> None:
    remove_pair(link.pair)


def take_it_off_the_list(link: PublicLink) -> None:
    Pair.objects.filter(pk=link.pair_id).update(on_list=False)


@pytest.mark.parametrize("end", [revoke_it, expire, lose_the_pair, take_it_off_the_list])
def test_a_link_that_ended_opens_nothing_and_says_no_more_than_a_wrong_one(cast: Cast, end: Any) -> None:
    link, secret = make_link(cast.alices, "", 30, SYSTEM)
    login = Login("", holder_of(link))
    assert valid_logins([login]) == {login}
    end(link)
    assert valid_logins([login]) == set()
    ended, wrong = (Client().get(f"/link/{each}/") for each in (secret, "wrong" * 9))
    assert ended.status_code == wrong.status_code == 404
    assert "It has ended, was revoked, or is not complete." in text_of(ended)
    assert Client().get(f"/api/v1/topics/{cast.alices.spec.topic}", headers={"X-Link": secret}).status_code == 401


def test_other_settings_of_the_pair_are_what_the_link_shows_next(cast: Cast) -> None:
    link, _ = make_link(cast.alices, "", 30, SYSTEM)
    old, holder = cast.alices.spec.topic, holder_of(link)
    changed = change_spec(cast.alices, Choice.default(Timeframe.M1))
    assert granted([(holder, old), (holder, changed.spec.topic)]) == {(holder, changed.spec.topic)}


# --- limits and the log ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "address", "data", "words"),
    [
        ("shares", "share", {"name": "carol"}, "You have 1 shares, your limit"),
        ("links", "links", {"days": "1"}, "You have 1 open links, your limit"),
    ],
)
def test_a_limit_is_told_with_its_number(cast: Cast, name: str, address: str, data: dict[str, str], words: str) -> None:
    QuotaOverride.objects.create(user=cast.users["alice"], name=name, most=1)
    client = cast.client("alice")
    client.post(f"/pairs/{cast.alices.pk}/{address}/", data)
    refused = client.post(f"/pairs/{cast.alices.pk}/{address}/", data | {"name": "dave"})
    assert refused.status_code == 422
    assert words in text_of(refused)


def test_every_deed_is_in_the_audit_log(cast: Cast) -> None:
    before = AuditEntry.objects.latest("id").pk
    link, secret = make_link(cast.alices, "", 30, SYSTEM)
    revoke_link(link, SYSTEM)
    revoke_link(link, SYSTEM)
    take_back(shared(cast), SYSTEM)
    told = AuditEntry.objects.filter(pk__gt=before).order_by("id")
    assert list(told.values_list("action", flat=True)) == [
        "public link made",
        "public link revoked",
        "shared",
        "share taken back",
    ]
    assert not AuditEntry.objects.filter(after__icontains=secret).exists()
