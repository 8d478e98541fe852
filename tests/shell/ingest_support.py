"""A recorder and a local exchange in this process, on the real database; and the truth to compare with."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import httpx
from django.db import connection, connections
from pytest_django.fixtures import Settings as DjangoSettings

from market.ingest.runner import Ingest
from market.ingest.symbols import demand
from market.models import Gap
from market.simulator.options import SimulatorOptions
from market.simulator.server import SimulatedExchange
from market.venues import venue_named
from tests.waiting import await_until

P = ParamSpec("P")
T = TypeVar("T")
SYMBOLS = ("BTCUSDT", "ETHUSDT")
Stored = list[tuple[int, float, float, int, bool]]


async def ask(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a question to the database in a thread, and leave no connection behind."""

    def run() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return await asyncio.to_thread(run)


@dataclass
class Market:
    """The exchange under test, its controls and what it knows."""

    exchange: SimulatedExchange

    async def control(self, page: str, **query: object) -> Any:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.exchange.port}", timeout=30) as client:
            answer = await client.get(f"/_sim/{page}", params={k: str(v) for k, v in query.items()})
        answer.raise_for_status()
        return answer.json()

    async def fault(self, name: str, *, on: bool = True, **options: object) -> None:
        await self.control("fault", name=name, on=int(on), **options)

    async def truth(self, symbol: str, first: int, last: int) -> Stored:
        """Trades with a price that exist in [first, last], from the ledger."""
        rows = await self.control("ledger", symbol=symbol, fromId=first, limit=last - first + 1)
        return [
            (row["a"], float(row["p"]), float(row["q"]), row["T"], row["m"])
            for row in rows
            if row["a"] <= last and float(row["p"]) > 0 and float(row["q"]) > 0
        ]


@asynccontextmanager
async def market(settings: DjangoSettings, home: Path, options: SimulatorOptions) -> AsyncIterator[Market]:
    """An exchange, and settings that record it."""
    async with SimulatedExchange(options) as exchange:
        settings.SIMULATOR_PORT = exchange.port
        settings.HOME = home
        settings.WARMUP = timedelta(0)
        await ask(demand, "simulated", SYMBOLS)
        yield Market(exchange)


@asynccontextmanager
async def recording(**options: Any) -> AsyncIterator[Ingest]:
    """A running recorder; leaving drains and ends it, and shows what ended it earlier."""
    ingest = Ingest(venue_named("simulated"), **options)
    task = asyncio.create_task(ingest.run())
    try:
        yield ingest
    finally:
        ingest.stop()
        await task


def stored(symbol: str) -> Stored:
    """Ticks in id order, doubles included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trade_id, price, size, (extract(epoch FROM traded_at) * 1000)::bigint, is_buyer_maker "
            "FROM market_tick WHERE instrument_id = (SELECT id FROM market_instrument WHERE symbol = %s) ORDER BY 1",
            [symbol],
        )
        return [tuple(row) for row in cursor.fetchall()]


def newest(symbol: str) -> int:
    rows = stored(symbol)
    return rows[-1][0] if rows else 0


def count(symbol: str) -> int:
    return len(stored(symbol))


def unfinished() -> int:
    return Gap.objects.filter(state__in=(Gap.State.OPEN, Gap.State.FILLING)).count()


async def flows(symbols: Sequence[str] = SYMBOLS) -> None:
    """Wait until newer ticks of each symbol are stored."""
    for symbol in symbols:
        before = await ask(newest, symbol)
        await await_until(partial(_is_newer, symbol, before), what=f"new ticks of {symbol}")


async def _is_newer(symbol: str, before: int) -> bool:
    return await ask(newest, symbol) > before


async def no_gap_is_open() -> None:
    async def done() -> bool:
        return await ask(unfinished) == 0

    await await_until(done, what="all gaps filled")


async def nothing_lost_or_doubled(market: Market, symbols: Sequence[str] = SYMBOLS) -> None:
    """Each trade of the exchange between the first and last stored is stored once, exactly."""
    for symbol in symbols:
        rows = await ask(stored, symbol)
        assert rows, symbol
        assert rows == await market.truth(symbol, rows[0][0], rows[-1][0]), symbol
