"""Funding from the local exchange to rows and frames."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, F
from django.utils import timezone
from pytest_django.fixtures import Settings as DjangoSettings

from analytics.topics import topic_frame
from market import funding
from market.funding import funding_data, store
from market.ingest.budget import WeightBudget
from market.ingest.funding import RETRY_SECONDS, FundingPoll
from market.ingest.rest import Rest
from market.ingest.symbols import demand
from market.models import FundingRate, FundingState, Instrument
from market.simulator.options import SimulatorOptions
from market.venues import venue_named
from market.venues.base import Funding
from tests.shell.ingest_support import SYMBOLS, ask, flows, market, nothing_lost_or_doubled, recording
from tests.shell.wire import listening
from tests.waiting import await_until

pytestmark = pytest.mark.django_db(transaction=True)
NOW_MS = 1_600_000_000_000


class Poll:
    """A poll of the local exchange, with what it published."""

    def __init__(self, limit: int = 1_000) -> None:
        self.published: dict[str, str] = {}
        venue = venue_named("simulated")
        self.rest = Rest(venue, WeightBudget(limit, venue.weight_limit, lambda: 0.0))
        self.poll = FundingPoll(venue, self.rest, ask, self._publish, clock=lambda: 0.0)

    async def _publish(self, frames: Mapping[str, str]) -> None:
        self.published |= frames

    async def step(self) -> float:
        try:
            return await self.poll.step()
        finally:
            await self.rest.close()


def first_state() -> FundingState:
    return FundingState.objects.select_related("instrument").get(instrument__symbol=SYMBOLS[0])


async def test_funding_of_wanted_symbols_is_stored_and_told(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS)):
        here = Poll()
        assert await here.step() == funding.POLL.total_seconds()
    state = await ask(first_state)
    assert state.instrument.symbol == SYMBOLS[0]
    assert state.rate is not None
    assert abs(state.rate) < 0.001
    assert state.interval_hours == 8
    assert state.told_at < state.next_at <= state.told_at + timedelta(hours=8)
    topic = f"funding.simulated:{SYMBOLS[0]}"
    frame = json.loads(here.published[topic])
    assert frame["data"]["rate"] == state.rate
    assert json.loads(await ask(topic_frame, topic)) == frame


async def test_fundings_that_took_place_are_kept_once(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=(*SYMBOLS, "1000PEPEUSDT"))):
        await ask(sync_names, [*SYMBOLS, "1000PEPEUSDT"])
        for _ in range(2):
            await Poll().step()
    assert await ask(settled_counts) == {"BTCUSDT": 3, "ETHUSDT": 3, "1000PEPEUSDT": 24}


def sync_names(names: list[str]) -> None:
    for name in names:
        Instrument.objects.get_or_create(venue="simulated", symbol=name)


def settled_counts() -> dict[str, int]:
    rows = FundingRate.objects.values_list("instrument__symbol").annotate(count=Count("id"))
    return dict(rows)


async def test_what_was_paid_is_asked_for_when_the_next_time_moves_on(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS)):
        here = Poll()
        await here.poll.step()
        after_first = here.rest.calls
        await here.poll.step()
        assert here.rest.calls == after_first + 1
        here.poll._next_ms = dict.fromkeys(here.poll._next_ms, 1)
        await here.step()
        assert here.rest.calls == after_first + 3


async def test_a_refusal_tells_those_who_look_that_the_rate_is_no_longer_known(
    settings: DjangoSettings, tmp_path: Path
) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS)) as exchange:
        await Poll().step()
        before = json.loads(await ask(topic_frame, f"funding.simulated:{SYMBOLS[0]}"))
        await exchange.fault("rest-500")
        here = Poll()
        assert await here.step() == RETRY_SECONDS
        assert here.published == {}
        await ask(make_late)
        here = Poll()
        assert await here.step() == RETRY_SECONDS
    frame = json.loads(here.published[f"funding.simulated:{SYMBOLS[0]}"])
    assert frame["data"]["rate"] is None
    assert frame["data"]["unknown"]["rate"].startswith("the venue was last heard at ")
    # A page that has the frame before must not take this one for an old one
    assert frame["seq"] == before["seq"] - LATE_MS + 1
    assert json.loads(await ask(topic_frame, frame["topic"])) == frame


LATE_MS = 181_000


def make_late() -> None:
    FundingState.objects.update(told_at=F("told_at") - timedelta(milliseconds=LATE_MS))


async def test_trades_are_recorded_while_funding_is_refused_or_breaks(
    settings: DjangoSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(funding, "store", broken)
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS, rate=300, history_minutes=3)) as exchange:
        async with recording():
            await flows()
            await await_until(partial(is_logged, caplog), what="the fault of funding")
            await flows()
        await nothing_lost_or_doubled(exchange)
    assert await ask(FundingState.objects.count) == 0


def broken(*_: object) -> None:
    raise ZeroDivisionError("a fault of the program")


async def is_logged(caplog: pytest.LogCaptureFixture) -> bool:
    return any("funding is not known" in record.getMessage() for record in caplog.records)


async def test_the_recorder_keeps_funding_and_tells_it(settings: DjangoSettings, tmp_path: Path) -> None:
    topic = f"funding.simulated:{SYMBOLS[0]}"
    with listening(topic) as wire:
        async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS, rate=300)), recording():
            frame = await ask(wire.next)
    state = await ask(first_state)
    assert (frame["topic"], frame["data"]["rate"]) == (topic, state.rate)
    assert state.told_at < state.next_at


async def test_a_closed_budget_costs_a_little_time_only(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS)):
        here = Poll(limit=5)
        assert await here.step() == RETRY_SECONDS
    assert here.published == {}


async def test_an_exchange_that_is_away_costs_a_little_time_only(settings: DjangoSettings) -> None:
    settings.SIMULATOR_PORT = 9
    assert await Poll().step() == RETRY_SECONDS


def told(**more: Any) -> Funding:
    values: dict[str, Any] = {"symbol": "AAAUSDT", "rate": 1e-4, "next_ms": NOW_MS, "mark_price": 7.0, "at_ms": NOW_MS}
    return Funding(**values | more)


def state() -> FundingState:
    return FundingState.objects.get()


def test_the_newest_word_counts_and_twice_is_once() -> None:
    demand("binance", ["AAAUSDT"])
    for rate in (1e-4, 2e-4, 2e-4):
        store("binance", [told(rate=rate), told(symbol="UNWANTED")], {"AAAUSDT": 4}, 8)
    assert (state().rate, state().interval_hours) == (2e-4, 4)


def test_a_contract_that_the_venue_left_alone_for_long_is_not_believed() -> None:
    demand("binance", ["AAAUSDT", "BBBUSDT"])
    store("binance", [told(), told(symbol="BBBUSDT", at_ms=NOW_MS - 181_000)], None, 8)
    assert state().instrument.symbol == "AAAUSDT"


def test_a_symbol_that_is_told_twice_is_no_fault() -> None:
    demand("binance", ["AAAUSDT"])
    store("binance", [told(), told(rate=3e-4)], None, 8)
    assert state().rate == 3e-4


def test_an_interval_once_told_stays_until_another_is_told() -> None:
    demand("binance", ["AAAUSDT"])
    store("binance", [told()], None, 8)
    assert state().interval_hours is None
    store("binance", [told()], {"AAAUSDT": 4}, 8)
    store("binance", [told()], None, 8)
    assert state().interval_hours == 4


def test_what_is_not_known_has_its_reason() -> None:
    assert funding_data(None)["unknown"]["rate"] == "the venue has told no funding of this symbol yet"
    demand("binance", ["AAAUSDT"])
    store("binance", [told(rate=None)], None, 8)
    make_late()
    late = funding_data(state())
    assert late["rate"] is None
    assert late["unknown"]["rate"].startswith("the venue was last heard at ")
    FundingState.objects.update(told_at=timezone.now())
    assert funding_data(state())["unknown"] == dict.fromkeys(("rate", "interval_hours"), "not told by the venue")


def test_a_symbol_without_funding_has_an_empty_frame() -> None:
    Instrument.objects.create(venue="binance", symbol="AAAUSDT")
    assert json.loads(topic_frame("funding.binance:AAAUSDT"))["data"]["rate"] is None
