"""The end of an account: undone within 14 days, or nothing of it is left in any table."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from accounts import invitations, removal
from accounts.models import User
from accounts.tasks import remove_accounts
from tests.shell.access_cast import Cast, make_cast, make_user
from tests.shell.account_support import confirmed, logged_in, with_app, with_codes

pytestmark = pytest.mark.django_db
KEYS = """
    SELECT key.conrelid::regclass::text, attname FROM pg_constraint key
    JOIN pg_attribute ON attrelid = key.conrelid AND attnum = ANY (key.conkey)
    WHERE key.contype = 'f' AND key.confrelid = 'accounts_user'::regclass
"""


def rows_of(user_id: int) -> dict[str, int]:
    """Rows that point to that user, by table and column, of all tables with a key to users."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS)
        keys = cursor.fetchall()
        counts = {}
        for table, column in keys:
            cursor.execute(f'SELECT count(*) FROM {table} WHERE "{column}" = %s', [user_id])
            (counts[f"{table}.{column}"],) = cursor.fetchone()
    return counts


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def live_here(user: User) -> None:
    """Leaves rows behind wherever an account does."""
    logged_in(user)
    with_app(user)
    with_codes(user)
    invitations.invite(user)
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(user=user, content_type=kind, object_repr="x", action_flag=CHANGE, change_message="[]")


@contextmanager
def due(user: User) -> Iterator[None]:
    removal.ask_for_removal(user)
    User.objects.filter(pk=user.pk).update(removed_after=timezone.now() - timedelta(seconds=1))
    yield
    remove_accounts()


def test_nothing_of_the_user_is_left_and_all_of_the_others(cast: Cast) -> None:
    alice, bob = cast.users["alice"], cast.users["bob"]
    live_here(alice)
    live_here(bob)
    before, bobs = rows_of(alice.pk), rows_of(bob.pk)
    assert sum(count > 0 for count in before.values()) >= 7, before
    sessions = Session.objects.count()
    with due(alice):
        pass
    assert set(rows_of(alice.pk).values()) == {0}
    assert not User.objects.filter(pk=alice.pk).exists()
    # What alice showed to bob was hers
    assert rows_of(bob.pk) == bobs | {"analytics_share.viewer_id": 0}
    assert Session.objects.count() == sessions - 1


def test_the_task_twice_is_as_once_and_the_time_is_kept(cast: Cast) -> None:
    alice = cast.users["alice"]
    removal.ask_for_removal(alice)
    assert removal.remove_due() == 0
    User.objects.filter(pk=alice.pk).update(removed_after=timezone.now())
    assert [removal.remove_due(), removal.remove_due()] == [1, 0]


def test_hooks_hear_of_it_before(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(removal, "_hooks", [lambda user: heard.append(user.username)])
    with due(cast.users["alice"]):
        pass
    assert heard == ["alice"]


def test_asked_for_on_the_page_and_undone_there() -> None:
    alice = make_user("alice")
    client = confirmed(alice)
    assert "In 14 days" in client.get("/settings/remove/").content.decode()
    client.post("/settings/remove/")
    alice.refresh_from_db()
    assert alice.removed_after is not None
    assert timedelta(days=13) < alice.removed_after - timezone.now() <= timedelta(days=14)
    assert "This account is removed for good on" in client.get("/settings/").content.decode()
    client.post("/settings/keep/")
    alice.refresh_from_db()
    assert alice.removed_after is None


def test_it_asks_for_the_password_again() -> None:
    alice = make_user("alice")
    client = logged_in(alice)
    assert client.post("/settings/remove/")["Location"].startswith("/accounts/reauthenticate/")
    alice.refresh_from_db()
    assert alice.removed_after is None


def test_the_last_administrator_stays() -> None:
    root = make_user("root", is_staff=True, is_superuser=True)
    client = confirmed(root)
    assert "You are the only administrator" in client.post("/settings/remove/").content.decode()
    with due(root):
        pass
    assert User.objects.filter(pk=root.pk).exists()
    make_user("other", is_staff=True, is_superuser=True)
    with due(root):
        pass
    assert not User.objects.filter(pk=root.pk).exists()
