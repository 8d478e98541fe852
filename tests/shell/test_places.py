"""Places for notifications: the user's own, confirmed by whoever reads what is sent there, and by nobody else."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail

from accounts.models import NotificationPlace, User
from accounts.places import MOST, verified_places
from tests.shell.access_cast import make_user
from tests.shell.account_support import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]
ADDRESS = "desk@example.org"


@pytest.fixture
def alice(db: None) -> User:
    return make_user("alice")


def link() -> str:
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found.group(1)


def test_nothing_may_be_sent_before_the_link_was_opened_and_confirmed(alice: User) -> None:
    client = logged_in(alice)
    client.post("/settings/places/", {"address": ADDRESS})
    assert mail.outbox[-1].to == [ADDRESS]
    assert "Confirm this address" in client.get(link()).content.decode()
    assert verified_places(alice) == []
    client.post(link())
    assert [place.address for place in verified_places(alice)] == [ADDRESS]


def test_a_link_is_good_for_its_user_its_address_and_two_days(alice: User) -> None:
    client = logged_in(alice)
    with time_machine.travel(datetime(2026, 6, 1, tzinfo=UTC), tick=False):
        client = logged_in(alice)
        client.post("/settings/places/", {"address": ADDRESS})
        assert logged_in(make_user("mallory")).post(link()).status_code == 404
        assert client.post(link().replace("desk", "disk")).status_code == 404
    with time_machine.travel(datetime(2026, 6, 3, 0, 0, 1, tzinfo=UTC), tick=False):
        assert client.post(link()).status_code == 404
    assert verified_places(alice) == []


def test_the_mail_holds_nothing_its_sender_typed(alice: User) -> None:
    logged_in(alice).post("/settings/places/", {"address": "Buy Now <desk@example.org>"})
    assert not NotificationPlace.objects.exists()
    assert mail.outbox == []


def test_there_are_so_many_and_no_more(alice: User) -> None:
    client = logged_in(alice)
    for number in range(MOST):
        client.post("/settings/places/", {"address": f"{number}@example.org"})
    answer = client.post("/settings/places/", {"address": ADDRESS}, follow=True).content.decode()
    assert f"You have {MOST} places, which is the most." in answer
    assert NotificationPlace.objects.count() == MOST


def test_an_hour_sees_ten_mails_at_most(alice: User) -> None:
    client = logged_in(alice)
    for number in range(12):
        client.post("/settings/places/", {"address": f"{number}@example.org"})
        NotificationPlace.objects.all().delete()
    assert len(mail.outbox) == 10


def test_the_same_address_twice_is_told(alice: User) -> None:
    client = logged_in(alice)
    client.post("/settings/places/", {"address": ADDRESS})
    answer = client.post("/settings/places/", {"address": ADDRESS.upper()}, follow=True).content.decode()
    assert f"{ADDRESS} is on your list already." in answer
