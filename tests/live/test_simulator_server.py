"""The simulated exchange on a real socket."""

import asyncio
import json
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from market.simulator.options import SimulatorOptions
from market.simulator.server import SimulatedExchange
from tests.live.simulator_wire import GUARD, address, connected, get, state, subscribe, texts, trades
from tests.waiting import await_until

#: Busy, few symbols, little past: quick to start, and a trade is never far
BUSY = {"rate": 400.0, "history_minutes": 2, "symbols": ("BTCUSDT", "ETHUSDT", "龙虾USDT")}


def exchange_with(**options: Any) -> SimulatedExchange:
    return SimulatedExchange(SimulatorOptions(**{**BUSY, **options}))


async def closed(socket: Any) -> ConnectionClosed:
    """The way the connection ended."""
    async with asyncio.timeout(GUARD):
        while True:
            try:
                await socket.recv()
            except ConnectionClosed as end:
                return end


async def test_trades_flow_in_the_combined_form_and_ids_are_consecutive() -> None:
    async with exchange_with() as exchange, connected(exchange, symbols=["BTCUSDT", "龙虾USDT"]) as socket:
        frames = [json.loads(text) for text in await texts(socket, 200)]
        assert {frame["stream"] for frame in frames} == {"btcusdt@aggTrade", "龙虾usdt@aggTrade"}
        for symbol in ("BTCUSDT", "龙虾USDT"):
            ids = [frame["data"]["a"] for frame in frames if frame["data"]["s"] == symbol]
            assert ids == list(range(ids[0], ids[0] + len(ids)))
        keys = ["e", "E", "a", "s", "p", "q", "nq", "f", "l", "T", "m", "st"]
        assert all(list(frame["data"]) == keys for frame in frames)


async def test_the_raw_form_has_no_envelope() -> None:
    async with exchange_with() as exchange, connected(exchange, "/market/ws/btcusdt@aggTrade") as socket:
        (text,) = await texts(socket, 1)
        assert text.startswith('{"e":"aggTrade","E":')


async def test_the_first_live_trade_follows_the_last_of_the_past() -> None:
    async with exchange_with() as exchange:
        past = int(exchange.ledger["ETHUSDT"].rows["a"][-1])
        async with connected(exchange, symbols=["ETHUSDT"]) as socket:
            (first,) = await trades(socket, 1)
            ledger = (await get(exchange, f"/_sim/ledger?symbol=ETHUSDT&fromId={past + 1}")).json()
        assert [row["a"] for row in ledger][:1] == [past + 1]
        assert first["a"] in {row["a"] for row in ledger}


async def test_stream_rest_and_ledger_tell_the_same() -> None:
    async with exchange_with() as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        sent = await trades(socket, 100)
        first = sent[0]["a"]
        page = (await get(exchange, f"/fapi/v1/aggTrades?symbol=BTCUSDT&fromId={first}&limit=100")).json()
        truth = (await get(exchange, f"/_sim/ledger?symbol=BTCUSDT&fromId={first}&limit=100")).json()
    names = ("a", "p", "q", "nq", "f", "l", "T", "m")
    assert page == truth == [{name: trade[name] for name in names} for trade in sent]


@pytest.mark.parametrize("path", ["/stream", "/ws", "/public/stream", "/public/ws"])
async def test_the_wrong_route_acknowledges_and_stays_silent(path: str) -> None:
    async with (
        exchange_with() as exchange,
        connected(exchange) as right,
        connected(exchange, path) as wrong,
    ):
        await subscribe(wrong, "BTCUSDT")
        assert json.loads(await wrong.recv()) == {"result": None, "id": 1}
        await subscribe(right, "BTCUSDT")
        await texts(right, 100)
        await (await wrong.ping())
        assert await pending(wrong) == []


async def pending(socket: Any) -> list[str]:
    """What has arrived already, once a reply to a later question proves that nothing is on its way."""
    await socket.send('{"method":"LIST_SUBSCRIPTIONS","id":9}')
    found = []
    async with asyncio.timeout(GUARD):
        while not (text := await socket.recv()).endswith('"id":9}'):
            found.append(text)
    return found


async def test_unsubscribed_streams_stop_and_others_go_on() -> None:
    async with exchange_with() as exchange, connected(exchange, symbols=["BTCUSDT", "ETHUSDT"]) as socket:
        await texts(socket, 10)
        await socket.send('{"method":"UNSUBSCRIBE","params":["ethusdt@aggTrade"],"id":2}')
        async with asyncio.timeout(GUARD):
            while await socket.recv() != '{"result":null,"id":2}':
                pass
        assert {trade["s"] for trade in await trades(socket, 60)} == {"BTCUSDT"}


async def test_bad_json_is_answered_and_the_connection_ended() -> None:
    async with exchange_with() as exchange, connected(exchange) as socket:
        await socket.send("hello")
        assert json.loads(await socket.recv())["error"]["code"] == 3
        assert (await closed(socket)).rcvd is not None


async def test_too_many_messages_close_with_1008() -> None:
    async with exchange_with() as exchange, connected(exchange) as socket:
        for _ in range(6):
            await socket.ping()
            await socket.pong()
        end = await closed(socket)
        assert end.rcvd is not None
        assert (end.rcvd.code, end.rcvd.reason) == (1008, "Too many requests")


async def test_an_overlong_message_loses_the_connection_without_a_close_frame() -> None:
    async with exchange_with() as exchange, connected(exchange) as socket:
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": ["x" * 8_000], "id": 1}))
        assert (await closed(socket)).rcvd is None


async def test_a_connection_ends_with_its_life() -> None:
    async with exchange_with(life_seconds=0.3) as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        assert (await closed(socket)).rcvd is None


async def test_pings_come_and_a_client_that_answers_none_is_dropped() -> None:
    options = {"ping_seconds": 0.1, "pong_seconds": 0.3}
    async with exchange_with(**options) as exchange, connected(exchange) as good:
        reader, writer = await mute_client(exchange)
        async with asyncio.timeout(GUARD):
            seen = await reader.read()
        assert seen.count(b"\x89\x0d") >= 2  # pings with the time as payload, then the end
        writer.close()
        await (await good.ping())


async def mute_client(exchange: SimulatedExchange) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A websocket after its handshake, in the hands of someone who never answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", exchange.port)
    lines = (
        "GET /market/ws HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
    )
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


@pytest.mark.parametrize("path", ["/market/ws/", "/nowhere", "/market/ws?btcusdt@aggTrade"])
async def test_other_addresses_are_no_websocket(path: str) -> None:
    async with exchange_with() as exchange:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(address(exchange, path)):
                pass
        assert caught.value.response.status_code == 404


async def test_rest_is_served_on_the_same_port() -> None:
    async with exchange_with() as exchange:
        replies = [await get(exchange, "/fapi/v1/time"), await get(exchange, "/fapi/v1/aggTrades?symbol=NOPE")]
        assert [reply.status_code for reply in replies] == [200, 400]
        assert replies[1].headers["X-MBX-USED-WEIGHT-1M"] == "21"
        assert (await state(exchange))["rest_calls"] == 2


async def test_the_past_is_there_from_the_start_but_rest_serves_its_depth_only() -> None:
    async with exchange_with(rate=60.0, history_minutes=30, depth_hours=0.1) as exchange:
        now = (await get(exchange, "/fapi/v1/time")).json()["serverTime"]
        truth = (await get(exchange, "/_sim/ledger?symbol=BTCUSDT&limit=1")).json()
        served = (await get(exchange, "/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=0&limit=1")).json()
    assert now - truth[0]["T"] > 29 * 60_000
    assert now - 0.1 * 3_600_000 - 10 <= served[0]["T"] <= now


async def test_state_counts_sockets_and_names_subscriptions() -> None:
    async with exchange_with(symbols=("BTCUSDT", "ETHUSDT")) as exchange:
        async with connected(exchange, symbols=["BTCUSDT"]) as socket:
            await texts(socket, 1)
            now = await state(exchange)
            assert (now["sockets"], now["subscriptions"]) == (1, ["btcusdt@aggTrade"])
            assert set(now["symbols"]) == {"BTCUSDT", "ETHUSDT"}
        await await_until(lambda: len(exchange.crowd) == 0)


async def test_a_flood_is_sent_once_to_the_last_trade() -> None:
    symbols = ("BTCUSDT", "ETHUSDT")
    async with exchange_with(flood=20_000, symbols=symbols) as exchange, connected(exchange, symbols=symbols) as socket:
        sent = await trades(socket, 20_000)
        assert len({(trade["s"], trade["a"]) for trade in sent}) == 20_000
        assert (await state(exchange))["finished"] is True
