"""The recorder a user would write first: websockets, json, bulk_create(ignore_conflicts=True) each 10,000 rows."""

import asyncio
import json
import sys
from datetime import UTC, datetime

import django

BATCH = 10_000


async def record(url: str, count: int) -> None:
    from websockets.asyncio.client import connect

    from market.models import Instrument, Tick

    ids = {i.symbol: i.pk async for i in Instrument.objects.filter(venue="binance")}
    rows: list[Tick] = []
    async with connect(url, compression=None, max_queue=10_000) as socket:
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": [s.lower() for s in ids], "id": 1}))
        while count:
            message = json.loads(await socket.recv())
            if "data" not in message:
                continue
            trade = message["data"]
            rows.append(
                Tick(
                    trade_id=trade["a"],
                    traded_at=datetime.fromtimestamp(trade["T"] / 1000, UTC),
                    price=float(trade["p"]),
                    size=float(trade["q"]),
                    instrument_id=ids[trade["s"]],
                    is_buyer_maker=trade["m"],
                )
            )
            count -= 1
            if len(rows) == BATCH or not count:
                await asyncio.to_thread(Tick.objects.bulk_create, rows, ignore_conflicts=True)
                rows = []
        # The one who measures reads this process' figures and ends it
        await asyncio.Event().wait()


if __name__ == "__main__":
    django.setup()
    asyncio.run(record(sys.argv[1], int(sys.argv[2])))
