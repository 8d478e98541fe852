"""Frame to browser: from the receipt of the newest frame by ingest to the client's socket, real processes throughout.

`price` is the conflated last price (at most 4 a second, so its push interval is 250 ms). `pair` is a spec's delta, from
the receipt of the oldest frame in the step that closed its bar (push interval 1 s). One machine, one clock.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

from tests.acceptance.visitor import Visitor
from tests.stack import Exchange, Stack, running_stack
from tests.waiting import wait_until

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT")
RATES, CROWDS = (500, 5_000), (1, 100)
PRICE_INTERVAL_MS, PAIR_INTERVAL_MS = 250, 1_000
SECONDS = 15


def main() -> None:
    for rate in RATES:
        log = Path(tempfile.mkstemp(prefix="lp-bench-")[1])
        exchange = Exchange("--rate", str(rate), "--symbols", ",".join(SYMBOLS), "--history", "1", log=log)
        try:
            settings = {"LIVEPAIRS_SYMBOLS": ",".join(SYMBOLS), "LIVEPAIRS_WARMUP_MINUTES": "0"}
            with running_stack(**exchange.environment, **settings) as stack:
                _measure(stack, rate)
        finally:
            exchange.stop()
            log.unlink()


def _measure(stack: Stack, rate: int) -> None:
    wait_until(lambda: stack.value("SELECT count(*) FROM market_instrument") >= len(SYMBOLS))
    # A user may open 20 sockets, so a crowd is several users with the same pair
    visitors = [Visitor(stack, f"bench{i}") for i in range(-(-max(CROWDS) // 20))]
    specs = {v.add_pair("BTCUSDT", "ETHUSDT", timeframe="1s", hedge=120, z=60, correlation=60) for v in visitors}
    topics = [f"spec.{specs.pop()}", "price.binance:BTCUSDT"]
    wait_until(lambda: stack.value("SELECT count(*) FROM analytics_snapshot WHERE zscore IS NOT NULL") > 0, guard=300)
    for crowd in CROWDS:
        cpu = time.process_time()
        price, pair = asyncio.run(_listen(visitors, crowd, topics))
        own = (time.process_time() - cpu) / SECONDS
        for what, values, interval in (("price", price, PRICE_INTERVAL_MS), ("pair", pair, PAIR_INTERVAL_MS)):
            _report(f"latency {what}, {rate} ticks/s, {crowd} clients", values, interval)
        print(f"# {rate} ticks/s, {crowd} clients: the clients took {own:.2f} of a core", file=sys.stderr)
    for visitor in visitors:
        visitor.http.close()


async def _listen(visitors: list[Visitor], crowd: int, topics: list[str]) -> tuple[list[float], list[float]]:
    price: list[float] = []
    pair: list[float] = []
    clients = [_client(visitors[i % len(visitors)], topics, price, pair) for i in range(crowd)]
    await asyncio.gather(*clients)
    return price, pair


async def _client(visitor: Visitor, topics: list[str], price: list[float], pair: list[float]) -> None:
    async with visitor.socket() as socket:
        for topic in topics:
            await socket.send(json.dumps({"op": "sub", "topic": topic}))
        received = 0
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            frame = json.loads(await asyncio.wait_for(socket.recv(), 60))
            now_ms = time.time() * 1000
            received += 1
            if received % 8 == 0:
                await socket.send(f'{{"op":"ack","n":{received}}}')
            if frame["kind"] != "delta":
                continue
            if frame["topic"].startswith("price."):
                price.append(now_ms - frame["data"]["received_ms"])
            elif frame["data"].get("hops", {}).get("received_ms"):
                pair.append(now_ms - frame["data"]["hops"]["received_ms"])


def _report(name: str, values: list[float], interval: int) -> None:
    cuts = quantiles(values, n=100)
    for percentile in (50, 99):
        ours = cuts[percentile - 1]
        line = {
            "name": f"{name}: p{percentile}",
            "ours": round(ours, 1),
            "baseline": interval,
            "unit": "ms",
            "ratio": round(ours / interval, 2),
            "baseline_name": "push interval",
        }
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
