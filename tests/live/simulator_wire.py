"""A client of the simulated exchange, as plain as can be."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from market.simulator.server import SimulatedExchange

GUARD = 60


def address(exchange: SimulatedExchange, path: str = "/market/stream") -> str:
    return f"ws://127.0.0.1:{exchange.port}{path}"


@asynccontextmanager
async def connected(
    exchange: SimulatedExchange, path: str = "/market/stream", symbols: Sequence[str] = ()
) -> AsyncIterator[ClientConnection]:
    """A connection with the aggTrade streams of `symbols`, acknowledged."""
    async with connect(address(exchange, path), compression=None, ping_interval=None, max_queue=None) as socket:
        if symbols:
            await subscribe(socket, *symbols)
        yield socket


async def subscribe(socket: ClientConnection, *symbols: str) -> None:
    names = [f"{symbol.lower()}@aggTrade" for symbol in symbols]
    await socket.send(json.dumps({"method": "SUBSCRIBE", "params": names, "id": 1}, ensure_ascii=False))


async def texts(socket: ClientConnection, count: int) -> list[str]:
    """The next frames that are no replies."""
    found: list[str] = []
    async with asyncio.timeout(GUARD):
        while len(found) < count:
            text = await socket.recv(decode=True)
            if not text.startswith('{"result"'):
                found.append(text)
    return found


async def trades(socket: ClientConnection, count: int) -> list[dict[str, Any]]:
    """The payloads of the next frames."""
    return [json.loads(text)["data"] for text in await texts(socket, count)]


async def get(exchange: SimulatedExchange, target: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=GUARD) as client:
        return await client.get(f"http://127.0.0.1:{exchange.port}{target}")


async def state(exchange: SimulatedExchange) -> dict[str, Any]:
    found: dict[str, Any] = (await get(exchange, "/_sim/state")).json()
    return found
