"""Each fault as a client meets it on the wire."""

import asyncio
import json
from itertools import pairwise
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from market.simulator.faults import fault_from_text
from market.simulator.options import SimulatorOptions
from market.simulator.server import SimulatedExchange
from tests.live.simulator_wire import GUARD, address, connected, get, state, subscribe, texts, trades
from tests.waiting import await_until


def exchange_with(*faults: str) -> SimulatedExchange:
    options = SimulatorOptions(
        rate=400.0, history_minutes=1, symbols=("BTCUSDT", "ETHUSDT"), faults=tuple(map(fault_from_text, faults))
    )
    return SimulatedExchange(options)


async def switch(exchange: SimulatedExchange, name: str, on: int = 1, **values: Any) -> None:
    query = "".join(f"&{key}={value}" for key, value in values.items())
    reply = await get(exchange, f"/_sim/fault?name={name}&on={on}{query}")
    assert reply.status_code == 200, reply.text


async def truth_after(exchange: SimulatedExchange, first: int) -> list[int]:
    rows = (await get(exchange, f"/_sim/ledger?symbol=BTCUSDT&fromId={first}")).json()
    return [row["a"] for row in rows]


async def test_silent_acknowledges_and_sends_nothing_while_the_market_goes_on() -> None:
    async with exchange_with("silent") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        assert await socket.recv() == '{"result":null,"id":1}'
        before = len(exchange.ledger["BTCUSDT"].rows)
        await await_until(lambda: len(exchange.ledger["BTCUSDT"].rows) > before + 50)
        assert (await state(exchange))["sent"] == 0
        await switch(exchange, "silent", on=0)
        assert len(await trades(socket, 5)) == 5


async def test_one_stream_can_be_silent() -> None:
    both = ["BTCUSDT", "ETHUSDT"]
    async with exchange_with("silent:symbol=ETHUSDT") as exchange, connected(exchange, symbols=both) as socket:
        assert {trade["s"] for trade in await trades(socket, 100)} == {"BTCUSDT"}


async def test_cut_drops_all_sockets_again_and_again() -> None:
    async with exchange_with("cut:every=0.3") as exchange:
        for _ in range(3):
            async with connected(exchange, symbols=["BTCUSDT"]) as socket:
                with pytest.raises(ConnectionClosed) as caught:
                    await texts(socket, 1_000_000)
                assert caught.value.rcvd is None


async def test_sockets_can_be_cut_by_request() -> None:
    async with exchange_with() as exchange, connected(exchange) as one, connected(exchange) as other:
        await await_until(lambda: len(exchange.crowd) == 2)
        assert (await get(exchange, "/_sim/cut")).json() == {"cut": 2}
        for socket in (one, other):
            with pytest.raises(ConnectionClosed):
                await socket.recv()


async def test_a_gap_is_on_the_wire_and_not_in_the_truth() -> None:
    async with exchange_with("gap:every=10,drop=2") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        ids = [trade["a"] for trade in await trades(socket, 80)]
        truth = await truth_after(exchange, ids[0])
    assert [later - earlier for earlier, later in pairwise(ids)].count(3) == 9
    assert truth[: ids[-1] - ids[0] + 1] == list(range(ids[0], ids[-1] + 1))


async def test_duplicates_and_swaps_arrive() -> None:
    async with exchange_with("duplicate:every=10") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        ids = [trade["a"] for trade in await trades(socket, 110)]
        assert len(ids) - len(set(ids)) == 10
        await switch(exchange, "duplicate", on=0)
        await switch(exchange, "reorder", every=5)
        ids = [trade["a"] for trade in await trades(socket, 300)]
        assert any(later < earlier for earlier, later in pairwise(ids))


async def test_corrupt_frames_cannot_be_read() -> None:
    async with exchange_with("corrupt:every=4") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        broken = 0
        for text in await texts(socket, 100):
            try:
                json.loads(text)
            except ValueError:
                broken += 1
        assert broken >= 4


async def test_zero_prints_take_ids_and_stand_in_the_truth() -> None:
    async with exchange_with("zero-price:every=5") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        sent = await trades(socket, 50)
        zeros = [trade["a"] for trade in sent if trade["p"] == trade["q"] == "0"]
        assert zeros == [trade["a"] for trade in sent if trade["a"] % 5 == 0]
        rows = (await get(exchange, f"/_sim/ledger?symbol=BTCUSDT&fromId={zeros[0]}&limit=1")).json()
        assert (rows[0]["a"], rows[0]["p"]) == (zeros[0], "0")
        assert [trade["a"] for trade in sent] == list(range(sent[0]["a"], sent[0]["a"] + 50))


async def test_keys_and_foreign_rows() -> None:
    faults = ("unknown-keys", "missing-keys")
    async with exchange_with(*faults) as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        (trade,) = await trades(socket, 1)
        assert {"zz", "ps"} <= set(trade)
        assert not {"nq", "st"} & set(trade)
        await switch(exchange, "missing-keys", on=0)
        await switch(exchange, "st2", every=2)
        assert {trade.get("st") for trade in await trades(socket, 200)} >= {1, 2}


async def test_a_half_open_connection_neither_speaks_nor_hears_nor_ends() -> None:
    async with exchange_with() as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        await texts(socket, 1)
        await switch(exchange, "half-open")
        pong = asyncio.ensure_future(await socket.ping())
        before = len(exchange.ledger["BTCUSDT"].rows)
        await await_until(lambda: len(exchange.ledger["BTCUSDT"].rows) > before + 50)
        assert not pong.done()
        assert socket.close_code is None
        await switch(exchange, "half-open", on=0)
        async with asyncio.timeout(GUARD):
            await pong
        assert len(await trades(socket, 5)) == 5


async def test_data_can_arrive_before_the_acknowledgement() -> None:
    async with exchange_with("late-ack:delay=0.5") as exchange, connected(exchange, symbols=["BTCUSDT"]) as socket:
        async with asyncio.timeout(GUARD):
            texts = [await socket.recv(decode=True)]
            while not texts[-1].startswith('{"result"'):
                texts.append(await socket.recv(decode=True))
        assert len(texts) > 1


async def test_rest_can_be_slow() -> None:
    async with exchange_with("slow-rest:delay=0.3") as exchange:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        assert (await get(exchange, "/fapi/v1/ping")).status_code == 200
        assert loop.time() - begin >= 0.3


@pytest.mark.parametrize(
    ("name", "status"), [("429", 429), ("418", 418), ("451", 451), ("403", 403), ("rest-500", 500)]
)
async def test_rest_can_refuse(name: str, status: int) -> None:
    async with exchange_with(name) as exchange:
        assert (await get(exchange, "/fapi/v1/ping")).status_code == status
        assert (await get(exchange, "/_sim/state")).status_code == 200


async def test_a_refused_region_gets_no_websocket_unless_told_otherwise() -> None:
    async with exchange_with("451") as exchange:
        with pytest.raises(InvalidStatus) as caught:
            async with connect(address(exchange)):
                pass
        assert caught.value.response.status_code == 451
        await switch(exchange, "451", where="rest")
        async with connected(exchange) as socket:
            await subscribe(socket, "BTCUSDT")
            assert len(await trades(socket, 1)) == 1


async def test_unknown_faults_are_explained() -> None:
    async with exchange_with() as exchange:
        reply = await get(exchange, "/_sim/fault?name=bogus")
        assert (reply.status_code, reply.json()["msg"][:21]) == (400, "Unknown fault 'bogus'")
        assert (await get(exchange, "/_sim/bogus")).status_code == 404
