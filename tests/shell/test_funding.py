"""Funding from the local exchange to rows and frames."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings as DjangoSettings

from analytics.topics import topic_frame
from market import funding
from market.funding import funding_data, store
from market.ingest.budget import WeightBudget
from market.ingest.funding import RETRY_SECONDS, FundingPoll
from market.ingest.rest import Rest
from market.ingest.symbols import demand
from market.models import FundingState, Instrument
from market.simulator.options import SimulatorOptions
from market.venues import venue_named
from market.venues.base import Funding
from tests.shell.ingest_support import SYMBOLS, ask, market

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
    late = funding_data(state())
    assert late["rate"] is None
    assert late["unknown"]["rate"].startswith("the venue was last heard at ")
    FundingState.objects.update(told_at=timezone.now())
    assert funding_data(state())["unknown"] == dict.fromkeys(("rate", "interval_hours"), "not told by the venue")


def test_a_symbol_without_funding_has_an_empty_frame() -> None:
    Instrument.objects.create(venue="binance", symbol="AAAUSDT")
    assert json.loads(topic_frame("funding.binance:AAAUSDT"))["data"]["rate"] is None
