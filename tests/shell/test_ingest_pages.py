"""What back-filling costs: the weight of REST is the scarcest good after an outage."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings as DjangoSettings

from market.simulator.options import SimulatorOptions
from tests.shell.ingest_support import (
    SYMBOLS,
    ask,
    flows,
    market,
    no_gap_is_open,
    nothing_lost_or_doubled,
    recording,
    unfinished,
)
from tests.waiting import await_until

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20


async def test_many_small_gaps_near_each_other_cost_a_few_calls(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, SimulatorOptions(symbols=SYMBOLS, rate=300, history_minutes=1)) as exchange:
        async with recording() as ingest:
            await flows()
            await exchange.fault("rest-500")
            await exchange.fault("gap", every=25)
            await await_until(_are_many_open, what="many gaps")
            await exchange.fault("gap", on=False)
            await exchange.fault("rest-500", on=False)
            calls = ingest.rest.calls
            await flows()
            await no_gap_is_open()
            assert ingest.rest.calls - calls <= MANY / 2
        await nothing_lost_or_doubled(exchange)


async def _are_many_open() -> bool:
    return await ask(unfinished) >= MANY
