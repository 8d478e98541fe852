"""The download of all own data: everything of this user, nothing of another, no secret; and nothing is forgotten."""

import csv
import io
import json
import zipfile

import pytest
from asgiref.sync import async_to_sync

from accounts import own_data
from accounts.models import NotificationPlace, User
from tests.shell.access_cast import Cast, make_cast, make_user
from tests.shell.account_support import confirmed, logged_in, with_app

pytestmark = pytest.mark.django_db


async def _collect(user: User) -> bytes:
    return b"".join([part async for part in own_data.archive(user)])


def archive_of(user: User) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(async_to_sync(_collect)(user)))


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def test_every_model_with_a_key_to_the_user_is_in_it_or_left_out_with_a_reason() -> None:
    assert own_data.forgotten() == []


def test_a_forgotten_model_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(own_data._tables, "pairs")
    assert own_data.forgotten() == ["analytics.Pair"]


def test_it_holds_what_is_hers_as_json_and_csv(cast: Cast) -> None:
    alice = cast.users["alice"]
    with archive_of(alice) as archive:
        assert archive.testzip() is None
        pairs = json.loads(archive.read("pairs.json"))
        views = list(csv.DictReader(io.StringIO(archive.read("saved-views.csv").decode())))
        profile = json.loads(archive.read("profile.json"))
    assert [(pair["spec__y__symbol"], pair["spec__x__symbol"]) for pair in pairs] == [("AAAUSDT", "BBBUSDT")]
    assert [view["name"] for view in views] == ["Hers"]
    assert [row["username"] for row in profile] == ["alice"]


def test_it_holds_nothing_of_others_and_no_secret(cast: Cast) -> None:
    alice = cast.users["alice"]
    logged_in(alice)
    secret = with_app(alice)
    NotificationPlace.objects.create(owner=cast.users["bob"], address="bob@example.net")
    with archive_of(alice) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    alice.refresh_from_db()
    assert '"totp"' in text
    for hidden in ("bob@example", secret, alice.password, "session_key"):
        assert hidden not in text


def test_many_rows_are_whole(cast: Cast) -> None:
    mallory = cast.users["mallory"]
    places = [NotificationPlace(owner=mallory, address=f"{number}@example.org") for number in range(1_203)]
    NotificationPlace.objects.bulk_create(places)
    with archive_of(mallory) as archive:
        rows = json.loads(archive.read("notification-places.json"))
    assert [row["address"] for row in rows] == [place.address for place in places]


def test_the_download_asks_for_the_password_first() -> None:
    alice = make_user("alice")
    assert confirmed(alice).post("/settings/download/")["Content-Type"] == "application/zip"
    client = logged_in(alice)
    assert client.post("/settings/download/")["Location"].startswith("/accounts/reauthenticate/")
