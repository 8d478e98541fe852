"""Recorded frames played again: what is read from the files, and what arrives on the socket."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from market.simulator.options import SimulatorOptions
from market.simulator.recording import RecordingError, RecordingSource, read_recordings, shifted
from market.simulator.server import SimulatedExchange
from tests.live.simulator_wire import connected, get, state, texts, trades
from tests.shared_data import SHARED_DATA, needs_shared_data
from tests.waiting import await_until

FIRST_MS = 1_721_347_022_708
AGG = (
    '{{"e":"aggTrade","E":{E},"a":{a},"s":"ETHUSDT","p":"3424.98","q":"0.007","nq":"0.000","f":{a},"l":{a},'
    '"T":{T},"m":true,"st":1}}'
)
TRADE = '{{"e":"trade","E":{E},"T":{T},"s":"BTCUSDT","t":{t},"p":"63943.90","q":"0.003","X":"{X}","m":true}}'


def agg(a: int, at_ms: int) -> str:
    return AGG.format(a=a, E=at_ms, T=at_ms - 151)


def trade(t: int, at_ms: int, kind: str = "MARKET") -> str:
    return TRADE.format(t=t, E=at_ms, T=at_ms - 2, X=kind)


def line(payload: str, at_ms: int, stream: str = "x@y") -> str:
    return f'{at_ms}000000 {{"stream":"{stream}","data":{payload}}}'


LINES = [
    f'{FIRST_MS}000000 {{"lastUpdateId":5,"bids":[["1","2"]],"asks":[]}}',
    line(agg(70, FIRST_MS), FIRST_MS),
    line('{"e":"bookTicker","u":1,"s":"ETHUSDT"}', FIRST_MS + 1),
    line(trade(501, FIRST_MS + 20), FIRST_MS + 20),
    line(trade(502, FIRST_MS + 21, "INSURANCE_FUND"), FIRST_MS + 21),
    f"{FIRST_MS + 40}000 {agg(71, FIRST_MS + 40)}",
    f'{FIRST_MS + 50}000000 [{{"e":"markPriceUpdate"}}]',
    line(trade(503, FIRST_MS + 60), FIRST_MS + 60),
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    file = tmp_path / "small.gz"
    file.write_bytes(gzip.compress("\n".join(LINES).encode()))
    return file


def options(*paths: Path, **more: Any) -> SimulatorOptions:
    return SimulatorOptions(recording=paths, **more)


async def played(given: SimulatorOptions, count: int, path: str = "/market/ws") -> tuple[list[str], int]:
    """All frames of a recording and the shift of their times."""
    async with SimulatedExchange(given) as exchange:
        source = exchange.source
        assert isinstance(source, RecordingSource)
        async with connected(exchange, path, symbols=list(source.waits_for)) as socket:
            found = await texts(socket, count)
            await await_until(lambda: source.is_finished)
        return found, source.shift_ms


async def test_market_trades_become_agg_trades_and_others_are_left_out(recording: Path) -> None:
    frames, _ = await played(options(recording, keep_times=True), 4)
    assert frames == [
        agg(70, FIRST_MS),
        f'{{"e":"aggTrade","E":{FIRST_MS + 20},"a":501,"s":"BTCUSDT","p":"63943.90","q":"0.003","nq":"0.003",'
        f'"f":501,"l":501,"T":{FIRST_MS + 18},"m":true,"st":1}}',
        agg(71, FIRST_MS + 40),
        f'{{"e":"aggTrade","E":{FIRST_MS + 60},"a":503,"s":"BTCUSDT","p":"63943.90","q":"0.003","nq":"0.003",'
        f'"f":503,"l":503,"T":{FIRST_MS + 58},"m":true,"st":1}}',
    ]


async def test_times_move_by_one_constant_of_whole_seconds_to_now(recording: Path) -> None:
    frames, shift = await played(options(recording), 4)
    kept, _ = await played(options(recording, keep_times=True), 4)
    assert shift % 1000 == 0
    assert frames == [shifted(text, shift) for text in kept]
    for moved, original in zip(map(json.loads, frames), map(json.loads, kept), strict=True):
        assert (moved["E"] - original["E"], moved["T"] - original["T"]) == (shift, shift)


async def test_playing_waits_until_all_symbols_are_subscribed(recording: Path) -> None:
    async with SimulatedExchange(options(recording)) as exchange, connected(exchange, symbols=["BTCUSDT"]) as one:
        await one.recv()
        assert (await state(exchange))["started"] is False
        async with connected(exchange, symbols=["ETHUSDT"]) as other:
            assert [row["a"] for row in await trades(other, 2)] == [70, 71]
            assert [row["a"] for row in await trades(one, 2)] == [501, 503]
            finished = await state(exchange)
            assert (finished["finished"], finished["sockets"]) == (True, 2)


async def test_rest_serves_what_was_played_and_the_ticks_of_the_recording(recording: Path) -> None:
    async with SimulatedExchange(options(recording, speed=0)) as exchange:
        assert (await get(exchange, "/fapi/v1/aggTrades?symbol=BTCUSDT")).json() == []
        async with connected(exchange, symbols=["BTCUSDT", "ETHUSDT"]) as socket:
            await trades(socket, 4)
        rows = (await get(exchange, "/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=0")).json()
        assert [(row["a"], row["p"], row["q"]) for row in rows] == [
            (501, "63943.90", "0.003"),
            (503, "63943.90", "0.003"),
        ]
        info = (await get(exchange, "/fapi/v1/exchangeInfo")).json()
        assert {one["symbol"] for one in info["symbols"]} == {"BTCUSDT", "ETHUSDT"}


async def test_kept_times_make_the_exchange_show_the_time_of_the_recording(recording: Path) -> None:
    async with SimulatedExchange(options(recording, keep_times=True, speed=0)) as exchange:
        async with connected(exchange, symbols=["BTCUSDT", "ETHUSDT"]) as socket:
            await trades(socket, 4)
        assert (await get(exchange, "/fapi/v1/time")).json() == {"serverTime": FIRST_MS + 60}
        assert len((await get(exchange, "/fapi/v1/aggTrades?symbol=ETHUSDT")).json()) == 2


def test_several_files_are_merged_by_time_of_receipt(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("\n".join(LINES[4:]))
    (tmp_path / "c.txt").write_text("\n".join(LINES[:4]))
    assert [one.row[0] for one in read_recordings([tmp_path])] == [70, 501, 71, 503]


@pytest.mark.parametrize("stamp", ["1721347022708", "1721347022708000", "1721347022708000000", "1721347022.708"])
def test_receive_times_are_told_apart_by_their_size(tmp_path: Path, stamp: str) -> None:
    file = tmp_path / "one.txt"
    file.write_text(f"wss://fstream.example/stream <-> 1.5\n{stamp}: {agg(1, FIRST_MS)}\n")
    assert read_recordings([file])[0].received_ns == FIRST_MS * 1_000_000


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("no frame", "line 3: expected `<receive time> <JSON frame>`"),
        (LINES[1][:-9], "line 3: "),
        (LINES[1].replace('"3424.98"', '"3424,98"'), "line 3: '3424,98' is not a plain decimal number"),
        (LINES[1].replace('"a":70,', ""), "line 3: aggTrade frame without its id"),
        (LINES[1].replace('"s":"ETHUSDT"', '"s":5'), "line 3: "),
        (LINES[1].replace("1721347022708000000", "17"), "line 3: receive time 17 is neither"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, broken: str, said: str) -> None:
    file = tmp_path / "broken.txt"
    file.write_text("\n".join([LINES[0], LINES[1], broken, LINES[3]]))
    with pytest.raises(RecordingError) as caught:
        read_recordings([file])
    assert f"{file}, {said}" in str(caught.value)


def test_damaged_absent_and_empty_files_are_explained(tmp_path: Path, recording: Path) -> None:
    cut = tmp_path / "cut.gz"
    cut.write_bytes(recording.read_bytes()[:-20])
    empty = tmp_path / "empty.txt"
    empty.write_text(LINES[0])
    for path, said in ((cut, "damaged or cut off"), (tmp_path / "absent", "no such file"), (empty, "No aggTrade")):
        with pytest.raises(RecordingError, match=said):
            read_recordings([path])


@needs_shared_data
def test_every_recorded_usdm_trade_is_reissued_with_exact_price_and_size() -> None:
    import pyarrow.parquet as pq

    ticks = SHARED_DATA / "ticks"
    rows = pq.read_table(ticks / "trades_parquet" / "usdm_BTC_ETH_20240718-19.parquet").to_pylist()
    expected = {
        (row["symbol"], row["trade_id"]): (
            row["price"],
            row["qty"],
            row["trade_ms"],
            row["event_ms"],
            row["is_buyer_maker"],
        )
        for row in rows
    }
    found = {}
    for one in read_recordings([ticks / "ws_usdm_20240718-19"]):
        frame = json.loads(one.text)
        assert frame["a"] == frame["f"] == frame["l"]
        found[frame["s"], frame["a"]] = (frame["p"], frame["q"], frame["T"], frame["E"], frame["m"])
    assert len(rows) == 24_356
    assert found == expected


@needs_shared_data
async def test_recorded_agg_trades_arrive_byte_for_byte() -> None:
    file = SHARED_DATA / "ticks" / "ws_usdm_alts_20210722" / "BINANCE_FUTURES.ws.1.0.gz"
    frames = [text.partition(": ")[2].strip() for text in gzip.decompress(file.read_bytes()).decode().splitlines()]
    recorded = [frame for frame in frames if '"e":"aggTrade"' in frame]
    sent, _ = await played(options(file, speed=0, keep_times=True), len(recorded), "/market/stream")
    assert sent == recorded
    assert len(sent) == 91


@needs_shared_data
async def test_a_whole_recording_is_played_as_fast_as_it_is_read() -> None:
    folder = SHARED_DATA / "ticks" / "ws_usdm_20240718-19"
    frames, shift = await played(options(folder, speed=0), 24_356)
    ids = {(frame["s"], frame["a"]): frame["T"] - shift for frame in map(json.loads, frames)}
    assert len(ids) == 24_356
    assert ids["BTCUSDT", 5_182_016_437] == 1_721_347_502_282
