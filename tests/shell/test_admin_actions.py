"""Actions of the admin: what they would do in numbers, that asking does nothing, and that they really do it."""

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.db import connection
from django.test import Client, RequestFactory

from accounts.audit import SYSTEM
from accounts.models import AuditEntry, User
from analytics.pairs import PairRefusedError, active_instruments, add_pair, find_instrument
from analytics.sharing import make_link, share
from market import desk
from market.core.types import Timeframe
from market.ingest.gaprows import next_due
from market.ingest.symbols import read_orders
from market.models import Bar, FeedControl, Gap, Instrument, SymbolDemand
from market.resample import close_bars
from tests.shell.access_cast import make_cast, make_user, writes
from tests.shell.admin_cast import administrator, ask, gap_of, wanted_instrument
from tests.shell.bars_support import commit, make_instrument, some_ticks

pytestmark = pytest.mark.django_db

#: every action of the admin: page, name, and what its form takes. Django's own deletion stands where rows may go.
ACTIONS = {
    ("accounts/user", "lock_users"): {},
    ("accounts/user", "unlock_users"): {},
    ("market/instrument", "block"): {"reason": "delisted"},
    ("market/instrument", "unblock"): {},
    ("market/instrument", "rerun_bars"): {"hours": "1"},
    ("market/gap", "refill"): {},
}
DELETABLE = {"accounts/user", "accounts/quotaoverride", "accounts/announcement", "analytics/share"}
#: not ours
OF_OTHERS = {"auth", "account", "mfa", "socialaccount", "usersessions"}


def test_every_action_has_its_row(settings: LazySettings) -> None:
    _, root = administrator(settings)
    request = RequestFactory().get("/admin/")
    request.user = root
    found = set()
    for model, page in admin.site._registry.items():
        if model._meta.app_label not in OF_OTHERS:
            name = f"{model._meta.app_label}/{model._meta.model_name}"
            found |= {(name, action) for action in page.get_actions(request)}
    assert {row for row in found if row[1] != "delete_selected"} == set(ACTIONS)
    assert {page for page, action in found if action == "delete_selected"} <= DELETABLE


@pytest.mark.parametrize(("page", "action"), ACTIONS)
def test_only_who_has_the_right_may_act(page: str, action: str, settings: LazySettings) -> None:
    cast = make_cast()
    administrator(settings)
    rows = {"accounts/user": cast.users["alice"], "market/instrument": Instrument.objects.first()}
    row = rows.get(page) or gap_of(Instrument.objects.get(symbol="AAAUSDT"), Gap.State.LOST)
    for who in ("alice", "bob", "mallory", "nobody", "locked", "staff"):
        client = cast.client(who)
        before = writes()
        ask(client, page, action, [row], confirmed="yes", **ACTIONS[page, action])
        assert writes() == before, who
    assert AuditEntry.objects.filter(actor="root").exclude(action="login").count() == 0


# --- block ---------------------------------------------------------------------------------------
def test_blocking_says_what_it_stops_and_stops_it(settings: LazySettings) -> None:
    client, _ = administrator(settings)
    FeedControl.objects.create(id=1, venue="simulated")
    wanted = wanted_instrument("AAAUSDT", 12)
    wanted_instrument("BBBUSDT", 3)
    asked = ask(client, "market/instrument", "block", [wanted]).content.decode()
    assert "Stops the recording of 1 symbols: AAAUSDT" in asked
    assert "Stops 12 live views" in asked
    assert list(read_orders("simulated").instruments) == ["AAAUSDT", "BBBUSDT"]
    without_reason = ask(client, "market/instrument", "block", [wanted], confirmed="yes").content.decode()
    assert "This field is required" in without_reason
    done = ask(client, "market/instrument", "block", [wanted], confirmed="yes", reason="its prices are wrong")
    assert "Blocked: 1." in done.content.decode()
    assert list(read_orders("simulated").instruments) == ["BBBUSDT"]
    entry = AuditEntry.objects.get(action="symbol blocked")
    assert (entry.actor, entry.subject, entry.after) == (
        "root",
        "simulated:AAAUSDT",
        {"reason": "its prices are wrong"},
    )


def test_a_blocked_symbol_is_refused_with_its_reason() -> None:
    FeedControl.objects.create(id=1, venue="simulated")
    blocked, other = wanted_instrument("AAAUSDT", 0), wanted_instrument("BBBUSDT", 0)
    desk.block(Instrument.objects.filter(pk=blocked.pk), "its prices are wrong", SYSTEM)
    assert blocked not in active_instruments()
    with pytest.raises(PairRefusedError, match=r"AAAUSDT is blocked .*: its prices are wrong"):
        find_instrument("aaausdt", active_instruments())
    with pytest.raises(PairRefusedError, match="its prices are wrong"):
        add_pair(make_user("alice"), Instrument.objects.get(pk=blocked.pk), other)
    assert (
        "its prices are wrong"
        in signed_in("carol").post("/pairs/open/", {"pair": "AAAUSDT~BBBUSDT", "tf": "1m"}).content.decode()
    )


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(make_user(name), "django.contrib.auth.backends.ModelBackend")
    return client


def test_gaps_of_a_blocked_symbol_wait(settings: LazySettings) -> None:
    client, _ = administrator(settings)
    instrument = wanted_instrument("AAAUSDT", 1)
    gap_of(instrument, Gap.State.OPEN)
    desk.block(Instrument.objects.all(), "x", SYSTEM)
    assert next_due("simulated") is None
    ask(client, "market/instrument", "unblock", [instrument], confirmed="yes")
    assert next_due("simulated") is not None
    assert list(read_orders("simulated").instruments) == ["AAAUSDT"]


# --- bars ----------------------------------------------------------------------------------------
def test_bars_are_computed_anew_from_the_stored_trades(settings: LazySettings) -> None:
    client, _ = administrator(settings)
    instrument = make_instrument("AAAUSDT")
    commit(some_ticks(instrument, 500))
    close_bars(0)
    right = list(Bar.objects.of(instrument.pk, Timeframe.M1).values_list("opened_at", "close", "trades"))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE market_bar SET close = high, trades = 1 WHERE timeframe = 60")
    bars = Bar.objects.filter(instrument=instrument).count()
    asked = ask(client, "market/instrument", "rerun_bars", [instrument]).content.decode()
    assert f"AAAUSDT: computes {bars} stored bars anew from the 500 trades" in asked
    assert not close_bars(0)
    done = ask(client, "market/instrument", "rerun_bars", [instrument], confirmed="yes", hours="1")
    assert "500 trades go to the bar workers again" in done.content.decode()
    assert close_bars(0)
    again = list(Bar.objects.of(instrument.pk, Timeframe.M1).values_list("opened_at", "close", "trades"))
    assert again == right


def test_too_much_at_once_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    instrument = make_instrument("AAAUSDT")
    commit(some_ticks(instrument, 500))
    monkeypatch.setattr(desk, "MOST_TRADES", 499)
    with pytest.raises(desk.DeskError, match="AAAUSDT has 500 trades in 1 hours; at most 499"):
        desk.rerun_of(instrument, 1)


# --- gaps ----------------------------------------------------------------------------------------
def test_a_gap_that_was_given_up_is_asked_for_again(settings: LazySettings) -> None:
    client, _ = administrator(settings)
    instrument = wanted_instrument("AAAUSDT", 1)
    lost, filled = gap_of(instrument, Gap.State.LOST), gap_of(instrument, Gap.State.FILLED, 100, 101)
    assert next_due("simulated") is None
    asked = ask(client, "market/gap", "refill", [lost, filled]).content.decode()
    assert "Asks the exchange for 55 trades of 1 gaps" in asked
    assert "1 of them are older than the 24 h" in asked
    ask(client, "market/gap", "refill", [lost, filled], confirmed="yes")
    due = next_due("simulated")
    assert due is not None
    assert (due.wanted.gap_id, due.wanted.tries) == (lost.pk, 0)
    filled.refresh_from_db()
    assert filled.state == Gap.State.FILLED


# --- users ---------------------------------------------------------------------------------------
def test_locking_says_what_ends_and_ends_it(settings: LazySettings) -> None:
    client, root = administrator(settings)
    cast = make_cast()
    alices = cast.client("alice")
    share(cast.users["alice"], cast.alices, "mallory", SYSTEM)
    make_link(cast.alices, "", 30, SYSTEM)
    asked = ask(client, "accounts/user", "lock_users", [cast.users["alice"]]).content.decode()
    for words in (
        "Locks 1 account: alice",
        "Ends 1 session",
        "Stops 1 live views, and closes 3 shares and 2 public links",
    ):
        assert words in asked
    assert alices.get("/settings/").status_code == 200
    ask(client, "accounts/user", "lock_users", [cast.users["alice"]], confirmed="yes")
    assert alices.get("/settings/").status_code == 302
    assert AuditEntry.objects.get(action="user locked").before == {"is_active": True}
    refused = ask(client, "accounts/user", "lock_users", [root], confirmed="yes").content.decode()
    assert "Nobody locks the own account" in refused
    assert User.objects.get(pk=root.pk).is_active


def test_the_symbols_of_others_are_recorded_on_when_one_user_stops() -> None:
    cast = make_cast()
    before = set(SymbolDemand.objects.filter(holder=f"pair:{cast.bobs.pk}").values_list("instrument_id", flat=True))
    cast.client("alice").post(f"/pairs/{cast.alices.pk}/remove/")
    cast.client("mallory").post(f"/pairs/{cast.bobs.pk}/remove/")
    after = set(SymbolDemand.objects.values_list("instrument_id", flat=True))
    assert after == before != set()


def test_what_is_edited_in_the_admin_is_in_the_log(settings: LazySettings) -> None:
    client, _ = administrator(settings)
    alice = make_user("alice")
    client.post("/admin/accounts/quotaoverride/add/", {"user": alice.pk, "name": "pairs", "most": "3"})
    entry = AuditEntry.objects.get(action="quotaoverride added")
    assert entry.after is not None
    assert entry.after["most"] == "3"
