"""The whole recorder against the local exchange: faults on the wire, nothing lost, nothing doubled."""

import json
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings as DjangoSettings

from analytics.topics import topic_frame
from market.ingest.batch import Batch
from market.ingest.feed import Terms
from market.ingest.recorder import Recorder
from market.ingest.runner import Ingest
from market.ingest.states import State
from market.ingest.symbols import demand
from market.models import (
    ConnectionState,
    FeedControl,
    Gap,
    IngestBatch,
    Instrument,
    QuarantineCount,
    SymbolDemand,
    SymbolState,
)
from market.simulator.options import SimulatorOptions
from market.venues.base import columns
from tests.shell.ingest_support import (
    SYMBOLS,
    Market,
    ask,
    count,
    flows,
    market,
    newest,
    no_gap_is_open,
    nothing_lost_or_doubled,
    recording,
    stored,
)
from tests.shell.wire import listening
from tests.waiting import await_until

pytestmark = pytest.mark.django_db(transaction=True)


def fast() -> float:
    """A clock that makes 30 s of silence and the waits between attempts 20 times shorter."""
    return time.monotonic() * 20


BUSY = SimulatorOptions(symbols=(*SYMBOLS, "SOLUSDT"), rate=300, history_minutes=3)


async def test_every_trade_is_stored_once_with_exact_values(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording():
            await flows()
            await flows()
        await nothing_lost_or_doubled(exchange)
        assert await ask(Gap.objects.count) == 0


async def test_a_new_symbol_is_warmed_with_its_history(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        settings.WARMUP = timedelta(minutes=1)
        async with recording():
            await await_until(lambda: ask(Gap.objects.filter(cause="history").count), what="warm-up")
            await no_gap_is_open()
            await flows()
        await nothing_lost_or_doubled(exchange)
        rows = await ask(stored, "BTCUSDT")
        assert rows[-1][3] - rows[0][3] >= 55_000
        gap = await ask(Gap.objects.get, instrument__symbol="BTCUSDT", cause="history")
        assert gap.filled_rows == gap.last_id - gap.first_id + 1


async def test_ten_cuts_lose_nothing(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording(clock=fast) as ingest:
            for number in range(10):
                await flows()
                await exchange.control("cut")
                await await_until(partial(_has_reconnected, ingest, number), what="cut noticed")
            await flows()
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)
        # What a cut took is told as such, unless nothing was traded meanwhile
        assert not await ask(Gap.objects.exclude(state="filled").exists)


def _has_reconnected(ingest: Ingest, times: int) -> bool:
    return ingest.feed.reconnects > times


async def test_a_noisy_wire_loses_and_doubles_nothing(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording():
            await flows()
            for name in ("duplicate", "reorder", "corrupt", "zero-price", "unknown-keys", "gap"):
                await exchange.fault(name)
            await await_until(lambda: ask(QuarantineCount.objects.filter(reason="zero price").exists))
            await await_until(lambda: ask(Gap.objects.filter(state="filled").exists), what="a filled gap")
            for name in ("duplicate", "reorder", "corrupt", "zero-price", "unknown-keys", "gap"):
                await exchange.fault(name, on=False)
            await flows()
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)


async def test_a_silent_feed_is_told_and_reconnected(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        await exchange.fault("silent")
        async with recording(clock=fast) as ingest:
            await await_until(lambda: ingest.feed.reconnects > 0, what="silence noticed")
            await await_until(lambda: ask(ConnectionState.objects.filter(state="silent").exists), what="state silent")
            link = await ask(ConnectionState.objects.get, name="simulated")
            assert "acknowledged, but no trade" in link.reason
            assert await ask(count, "BTCUSDT") == 0
            await exchange.fault("silent", on=False)
            await flows()
            await await_until(lambda: ingest.feed.standing.state == State.LIVE, what="live again")
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)


async def test_one_silent_symbol_is_told_while_the_others_go_on(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange, recording(clock=fast):
        await flows()
        await exchange.fault("silent", symbol="ETHUSDT")
        silent = SymbolState.objects.filter(state="silent")
        await await_until(lambda: ask(silent.filter(instrument__symbol="ETHUSDT").exists), what="ETHUSDT silent")
        assert not await ask(silent.filter(instrument__symbol="BTCUSDT").exists)


async def test_the_renewal_overlaps_and_needs_no_rest_call(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording(terms=Terms(renew=1.5, overlap=0.3)) as ingest:
            await flows()
            calls, first = ingest.rest.calls, ingest.feed.connections[0]
            await await_until(lambda: first not in ingest.feed.connections, what="first renewal")
            second = ingest.feed.connections[-1]
            await await_until(lambda: second not in ingest.feed.connections, what="second renewal")
            await flows()
            assert ingest.rest.calls == calls
            assert ingest.feed.reconnects == 0
        await nothing_lost_or_doubled(exchange)
        assert await ask(Gap.objects.count) == 0


async def test_a_pause_closes_the_socket_and_resuming_fills_the_gap(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording() as ingest:
            await flows()
            control, _ = await ask(FeedControl.objects.get_or_create, id=1)
            control.is_paused, control.paused_by = True, "alice"
            await ask(control.save)
            await await_until(lambda: not ingest.feed.connections, what="socket closed")
            await await_until(lambda: ask(SymbolState.objects.filter(state="paused").count), what="state paused")
            assert "alice" in (await ask(ConnectionState.objects.get, name="simulated")).reason
            control.is_paused = False
            await ask(control.save)
            await flows()
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)


async def test_symbols_come_and_go_without_a_gap_in_the_others(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording() as ingest:
            await flows()
            await ask(demand, "simulated", ["SOLUSDT"], "pair:1")
            await await_until(lambda: _has_ticks("SOLUSDT"), what="ticks of the added symbol")
            await ask(SymbolDemand.objects.filter(holder="pair:1").delete)
            await await_until(lambda: _has_left(exchange), what="unsubscribed")
            await flows()
            assert ingest.feed.reconnects == 0
        await nothing_lost_or_doubled(exchange, [*SYMBOLS, "SOLUSDT"])
        assert await ask(Gap.objects.count) == 0


async def _has_ticks(symbol: str) -> bool:
    return await ask(count, symbol) > 0


async def _has_left(exchange: Market) -> bool:
    state = await exchange.control("state")
    return "solusdt@aggTrade" not in str(state["subscriptions"])


async def test_a_second_recorder_stands_by_and_takes_over(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording() as first, recording() as second:
            await flows()
            active, waiting = (first, second) if first.feed.connections else (second, first)
            assert waiting.feed.connections == []
            active.stop()
            await await_until(lambda: waiting.feed.standing.state == State.LIVE, what="take-over")
            await flows()
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)


async def test_a_restart_goes_on_from_the_last_stored_id(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording():
            await flows()
        before = await ask(newest, "BTCUSDT")
        async with recording():
            await flows()
            await no_gap_is_open()
        await nothing_lost_or_doubled(exchange)
        gap = await ask(Gap.objects.get, instrument__symbol="BTCUSDT")
        assert (gap.first_id, gap.cause, gap.state) == (before + 1, "restart", "filled")


async def test_what_rest_no_longer_serves_waits_for_the_dump(settings: DjangoSettings, tmp_path: Path) -> None:
    """The exchange serves the last 36 s only; the recorder was away for minutes."""
    options = SimulatorOptions(symbols=SYMBOLS, rate=100, history_minutes=4, depth_hours=0.01)
    async with market(settings, tmp_path, options) as exchange:
        async with recording():
            await flows()
        await ask(_forget_all_but_an_old_tick, await exchange.control("ledger", symbol="BTCUSDT", fromId=0, limit=1))
        async with recording() as ingest:
            waiting = Gap.objects.filter(state="waiting_for_dump", instrument__symbol="BTCUSDT")
            await await_until(lambda: ask(waiting.exists), what="part that waits for the dump")
            await no_gap_is_open()
            assert ingest.rest.calls <= 12
        gap = await ask(waiting.get)
        rows = [row for row in await ask(stored, "BTCUSDT") if row[0] > gap.last_id]
        assert rows[0][0] == gap.last_id + 1
        assert rows == await exchange.truth("BTCUSDT", rows[0][0], rows[-1][0])


def _forget_all_but_an_old_tick(page: list[dict[str, str]]) -> None:
    """As if the recorder had stopped right after the oldest trade of the exchange."""
    instrument = Instrument.objects.get(symbol="BTCUSDT").pk
    row = page[0]
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE market_tick")
    Gap.objects.all().delete()
    old = columns(
        trade_id=[int(row["a"])],
        traded_ms=[int(row["T"])],
        price=float(row["p"]),
        size=float(row["q"]),
        instrument=instrument,
        is_buyer_maker=bool(row["m"]),
    )
    recorder = Recorder("simulated")
    recorder.prepare([])
    recorder.record(Batch(rows=old))


async def test_batches_tell_their_ranges_and_a_rising_watermark(settings: DjangoSettings, tmp_path: Path) -> None:
    async with market(settings, tmp_path, BUSY) as exchange:
        async with recording():
            await flows()
            await flows()
        batches = await ask(list, IngestBatch.objects.order_by("id"))
        marks = [batch.watermark_ms for batch in batches]
        assert marks == sorted(marks)
        assert sum(entry[5] for batch in batches for entry in batch.ranges) == sum(
            [await ask(count, symbol) for symbol in SYMBOLS]
        )
        await nothing_lost_or_doubled(exchange)


async def test_how_late_each_symbol_is_is_told_again_and_again(settings: DjangoSettings, tmp_path: Path) -> None:
    def is_told(frame: dict[str, Any]) -> bool:
        return [symbol["name"] for symbol in frame["data"]["symbols"] if symbol["lag_ms"] is not None] == NAMES

    with listening("feed") as wire:
        async with market(settings, tmp_path, BUSY), recording():
            frames = [await ask(wire.next)]
            # Nothing changes any more, and still it is told
            while sum(map(is_told, frames)) < 3:
                frames.append(await ask(wire.next))
    told = [symbol["lag_ms"] for symbol in frames[-1]["data"]["symbols"]]
    # The venue takes 148 ms to send
    assert all(100 < lag < 60_000 for lag in told)
    stored_lags = json.loads(await ask(topic_frame, "feed"))["data"]["symbols"]
    assert all(100 < symbol["lag_ms"] < 60_000 for symbol in stored_lags)


NAMES = [f"simulated:{symbol}" for symbol in SYMBOLS]
