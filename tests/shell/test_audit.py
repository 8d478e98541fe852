"""The audit log: written with the change, never changed, searchable, and a file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from accounts.audit import SYSTEM, By, record
from accounts.models import Announcement, AuditEntry, QuotaOverride
from accounts.people import set_quota, set_role
from accounts.quotas import QUOTAS, default_of, quota_of, quotas_of, token_quota
from analytics.pairs import add_pair
from market.errors import QuotaExceeded
from market.models import FeedControl, Instrument
from tests.shell.access_cast import PASSWORD, make_user

pytestmark = pytest.mark.django_db
WHERE = {"REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "A browser"}


def staff_client() -> Client:
    client = Client()
    client.force_login(make_user("sam", is_staff=True), "django.contrib.auth.backends.ModelBackend")
    return client


# --- immutable -----------------------------------------------------------------------------------
def test_the_database_refuses_to_change_or_delete_an_entry() -> None:
    entry = record(SYSTEM, "tested", subject="this")
    for change in (
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(actor="somebody else"),
        lambda: AuditEntry.objects.filter(pk=entry.pk).delete(),
        entry.save,
    ):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            change()
    assert AuditEntry.objects.get(pk=entry.pk).actor == "livepairs"


def test_an_entry_goes_with_its_change_when_that_fails() -> None:
    def fail() -> None:
        with transaction.atomic():
            record(SYSTEM, "tested", subject="this")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not AuditEntry.objects.filter(action="tested").exists()


def test_an_account_may_go_and_its_entries_stay() -> None:
    alice = make_user("alice")
    record(By(alice.pk, "alice"), "tested", subject="this")
    alice.delete()
    assert AuditEntry.objects.get(action="tested").actor == "alice"


# --- what is witnessed ---------------------------------------------------------------------------
def test_logins_are_told_with_their_place() -> None:
    make_user("alice")
    client = Client()
    client.defaults |= WHERE
    for login, password in (("alice", "wrong"), ("my secret password", "x"), ("alice@example.org", PASSWORD)):
        client.post("/accounts/login/", {"login": login, "password": password})
    client.post("/accounts/logout/")
    told = list(AuditEntry.objects.order_by("id").values_list("action", "actor", "subject", "address", "agent"))
    place = ("192.0.2.7", "A browser")
    assert told == [
        ("login failed", "", "user alice", *place),
        ("login failed", "", "no such account", *place),
        ("login", "alice", "user alice", *place),
        ("logout", "alice", "user alice", *place),
    ]


def test_a_new_password_is_told_and_not_what_it_is() -> None:
    client = Client()
    client.force_login(make_user("alice"), "django.contrib.auth.backends.ModelBackend")
    new = "another correct horse"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    entry = AuditEntry.objects.get(action="password changed")
    assert (entry.actor, entry.before, entry.after) == ("alice", None, None)


def test_roles_and_limits_are_told_before_and_after() -> None:
    root, alice = make_user("root", is_staff=True, is_superuser=True), make_user("alice")
    set_role(alice, "staff", root, By(root.pk, "root"))
    set_role(alice, "staff", root, By(root.pk, "root"))
    set_quota(alice, "pairs", 3, By(root.pk, "root"))
    set_quota(alice, "pairs", None, By(root.pk, "root"))
    told = AuditEntry.objects.order_by("id").values_list("action", "subject", "before", "after")
    assert list(told) == [
        ("role changed", "user alice", {"role": "member"}, {"role": "staff"}),
        ("quota changed", "pairs of user alice", {"most": 20}, {"most": 3}),
        ("quota changed", "pairs of user alice", {"most": 3}, {"most": 20}),
    ]


# --- its page and its file -----------------------------------------------------------------------
def test_filters_leave_what_they_name() -> None:
    client = staff_client()
    for name in ("alice", "bob"):
        record(By(1, name, "192.0.2.1"), "tested", subject=f"pair of {name}")
    assert "pair of bob" not in client.get("/staff/audit/?who=ali").content.decode()
    assert "pair of alice" in client.get("/staff/audit/?what=of+al&action=tested").content.decode()
    tomorrow = (timezone.now() + timedelta(days=1)).date()
    assert "No entry is like this" in client.get(f"/staff/audit/?since={tomorrow}").content.decode()


def test_the_file_has_every_row_and_no_formula() -> None:
    client = staff_client()
    record(By(1, "=cmd()", None, "x"), "tested", subject="a, b", before={"n": 1}, after=["=1"])
    text = b"".join(client.get("/staff/audit.csv?action=tested").streaming_content).decode()  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["actor"], row["subject"], row["before"], row["after"]) == ("'=cmd()", "a, b", '{"n": 1}', '["=1"]')
    assert row["at"].endswith("Z")


# --- limits --------------------------------------------------------------------------------------
def test_each_limit_has_a_default_and_a_number_of_ones_own() -> None:
    alice, bob = make_user("alice"), make_user("bob")
    for number, name in enumerate(QUOTAS):
        QuotaOverride.objects.create(user=alice, name=name, most=number)
    assert [quota_of(alice, name) for name in QUOTAS] == list(quotas_of(alice).values()) == list(range(len(QUOTAS)))
    assert quotas_of(bob) == {name: default_of(name) for name in QUOTAS}
    assert (token_quota(alice), token_quota(bob)) == (list(QUOTAS).index("tokens"), 20)


def test_staff_change_limits_and_a_reached_one_says_its_numbers() -> None:
    FeedControl.objects.create(id=1, venue="simulated")
    a, b, c = (Instrument.objects.create(venue="simulated", symbol=name) for name in ("AAA", "BBB", "CCC"))
    alice, client = make_user("alice"), staff_client()
    page = f"/staff/users/{alice.pk}/"
    assert client.post(page, {"action": "quotas", "symbols": "2"}).status_code == 302
    add_pair(alice, a, b)
    with pytest.raises(QuotaExceeded, match="Your pairs use 2 symbols and this one adds 1; your limit is 2"):
        add_pair(alice, b, c)
    add_pair(alice, b, a)
    client.post(page, {"action": "quotas", "symbols": ""})
    add_pair(alice, b, c)


# --- staff ---------------------------------------------------------------------------------------
def test_staff_cannot_make_or_lock_staff() -> None:
    client, other = staff_client(), make_user("other", is_staff=True)
    for data in ({"action": "role", "role": "member"}, {"action": "lock"}):
        assert client.post(f"/staff/users/{other.pk}/", data).status_code == 403
    other.refresh_from_db()
    assert (other.is_active, other.is_staff) == (True, True)


def test_an_announcement_is_on_every_page_in_its_time() -> None:
    client, now = staff_client(), timezone.now()
    times = {"starts_at": now - timedelta(minutes=5), "ends_at": now + timedelta(minutes=5)}
    sent = {name: f"{moment:%Y-%m-%dT%H:%M}" for name, moment in times.items()}
    assert client.post("/staff/announcements/", sent | {"text": "Closed tonight.", "level": "warn"}).status_code == 302
    Announcement.objects.create(text="Too old.", starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))
    text = Client().get("/").content.decode()
    assert "Closed tonight." in text
    assert "Too old." not in text
    client.post(f"/staff/announcements/{Announcement.objects.get(text='Closed tonight.').pk}/end/")
    assert "Closed tonight." not in Client().get("/").content.decode()
    assert AuditEntry.objects.filter(action__startswith="announce").count() == 2
