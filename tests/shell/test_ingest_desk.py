"""What the recorder asks and tells the database: instruments, symbols, states, the choice of the venue, the lock."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings as DjangoSettings

from market.ingest import choose
from market.ingest.choose import Choice, choose_venue, rule
from market.ingest.lock import IngestLock
from market.ingest.states import Heard, Missing, Standing, State, missing_by_instrument, symbol_standing
from market.ingest.symbols import demand, read_orders, seed
from market.instruments import GONE, sync
from market.models import FeedControl, Gap, Instrument, SymbolDemand
from market.simulator.options import SimulatorOptions
from market.simulator.server import SimulatedExchange
from market.venues import venue_named
from market.venues.base import Listing
from tests.shell.ingest_support import ask

pytestmark = pytest.mark.django_db(transaction=True)

BTC = Listing("BTCUSDT", "BTC", "USDT", "PERPETUAL", "TRADING", Decimal("0.10"), Decimal("0.001"), None, None)


def test_instruments_are_inserted_updated_and_marked_gone() -> None:
    quarter = replace(BTC, symbol="BTCUSDT_261225", delivery_at=datetime(2026, 12, 25, 8, tzinfo=UTC))
    assert sync("binance", [BTC, quarter]) == 2
    assert sync("binance", [BTC, quarter]) == 0
    assert sync("binance", [replace(BTC, status="SETTLING")]) == 2
    assert Instrument.objects.get(symbol="BTCUSDT").status == "SETTLING"
    assert Instrument.objects.get(symbol="BTCUSDT_261225").status == GONE


def test_an_empty_list_is_not_believed() -> None:
    sync("binance", [BTC])
    assert sync("binance", []) == 0
    assert Instrument.objects.get().status == "TRADING"


def test_venues_are_kept_apart() -> None:
    sync("binance", [BTC])
    sync("simulated", [replace(BTC, tick_size=Decimal("1"))])
    assert Instrument.objects.get(venue="binance").tick_size == Decimal("0.10")


def test_the_setting_fills_an_empty_table_only() -> None:
    seed("binance", ["BTCUSDT", "ETHUSDT"])
    seed("binance", ["SOLUSDT"])
    assert set(read_orders("binance").instruments) == {"BTCUSDT", "ETHUSDT"}


def test_a_symbol_is_wanted_as_long_as_somebody_holds_it() -> None:
    demand("binance", ["BTCUSDT"], "pair:1")
    demand("binance", ["BTCUSDT"], "pair:2")
    SymbolDemand.objects.filter(holder="pair:1").delete()
    assert set(read_orders("binance").instruments) == {"BTCUSDT"}
    SymbolDemand.objects.filter(holder="pair:2").delete()
    assert read_orders("binance").instruments == {}


def test_blocked_and_halted_instruments_are_told_apart() -> None:
    demand("binance", ["BTCUSDT", "ETHUSDT", "SOLUSDT"])
    Instrument.objects.filter(symbol="ETHUSDT").update(is_blocked=True)
    Instrument.objects.filter(symbol="SOLUSDT").update(status="BREAK")
    orders = read_orders("binance")
    assert set(orders.instruments) == {"BTCUSDT", "SOLUSDT"}
    assert orders.halted == {orders.instruments["SOLUSDT"]: "BREAK"}


LIVE = Standing(State.LIVE)
HEARD = Heard(ever=True, silent_seconds=None)


@pytest.mark.parametrize(
    ("link", "status", "heard", "missing", "state"),
    [
        (LIVE, "", HEARD, Missing(), State.LIVE),
        (LIVE, "", Heard(ever=False, silent_seconds=None), Missing(), State.CONNECTING),
        (LIVE, "", Heard(ever=True, silent_seconds=40), Missing(open=1), State.SILENT),
        (LIVE, "", HEARD, Missing(open=1), State.GAP),
        (LIVE, "", HEARD, Missing(open=1, filling=1), State.BACKFILLING),
        (LIVE, "", HEARD, Missing(history=1), State.BACKFILLING),
        (LIVE, "BREAK", Heard(ever=False, silent_seconds=900), Missing(), State.HALTED),
        (Standing(State.PAUSED, "by alice"), "BREAK", HEARD, Missing(), State.PAUSED),
        (Standing(State.BLOCKED, "451"), "", HEARD, Missing(open=1), State.BLOCKED),
        (Standing(State.CONNECTING, "cut"), "", HEARD, Missing(), State.CONNECTING),
        (Standing(State.SILENT, "route"), "", HEARD, Missing(), State.LIVE),
    ],
)
def test_the_worst_that_is_true_is_the_state_of_a_symbol(
    link: Standing, status: str, heard: Heard, missing: Missing, state: str
) -> None:
    assert symbol_standing(link, status, heard, missing).state == state


def test_unfinished_gaps_are_counted_by_kind() -> None:
    instrument = Instrument.objects.create(venue="binance", symbol="BTCUSDT")
    for number, (state, cause) in enumerate(
        [("open", "cut"), ("open", "history"), ("filling", "jump"), ("filled", "cut"), ("waiting_for_dump", "cut")]
    ):
        Gap.objects.create(
            instrument=instrument, first_id=number, last_id=number, first_ms=0, last_ms=0, cause=cause, state=state
        )
    assert missing_by_instrument("binance") == {instrument.pk: Missing(open=1, filling=1, history=1)}


@pytest.mark.parametrize(
    ("feed", "unreachable", "has_real_ticks", "venue"),
    [
        ("auto", "", False, "binance"),
        ("auto", "REST: HTTP 451", False, "simulated"),
        ("auto", "REST: HTTP 451", True, "binance"),
        ("binance", "REST: HTTP 451", False, "binance"),
        ("simulated", "", True, "simulated"),
        ("none", "", False, ""),
    ],
)
def test_the_venue_follows_the_rule(feed: str, unreachable: str, has_real_ticks: bool, venue: str) -> None:
    assert rule(feed, unreachable=unreachable, has_real_ticks=has_real_ticks).venue == venue


def test_an_unreachable_exchange_leads_to_the_simulated_market_and_says_so(settings: DjangoSettings) -> None:
    settings.FEED = "auto"
    settings.BINANCE_REST_URL, settings.BINANCE_WS_URL = "http://127.0.0.1:9", "ws://127.0.0.1:9/market/stream"
    choice = choose_venue()
    assert choice.venue == "simulated"
    control = FeedControl.objects.get()
    assert control.venue == "simulated"
    assert "simulated market" in control.reason


@pytest.mark.parametrize(("fault", "problem"), [(None, ""), ("451", "HTTP 451")])
async def test_the_probe_asks_rest_and_stream(settings: DjangoSettings, fault: str | None, problem: str) -> None:
    async with SimulatedExchange(SimulatorOptions(history_minutes=1, symbols=("BTCUSDT",))) as exchange:
        settings.SIMULATOR_PORT = exchange.port
        if fault:
            import httpx

            async with httpx.AsyncClient() as client:
                await client.get(f"http://127.0.0.1:{exchange.port}/_sim/fault?name={fault}&on=1")
        found = await choose.probe(venue_named("simulated"))
    assert problem in found
    assert bool(found) == bool(problem)


async def test_a_choice_keeps_the_pause_of_staff() -> None:
    await ask(FeedControl.objects.create, id=1, is_paused=True, paused_by="alice")
    await ask(choose.store, Choice("binance", "x"))
    assert (await ask(FeedControl.objects.get)).is_paused


def test_one_lock_excludes_the_other_until_it_is_released() -> None:
    first, second = IngestLock(), IngestLock()
    assert first.step() == "held"
    assert second.step() == "other"
    assert first.step() == "held"
    first.release()
    assert second.step() == "held"
    second.release()
