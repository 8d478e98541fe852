"""`manage.py simulate`: a local exchange on one port."""

import asyncio
import signal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from market.errors import LivepairsError
from market.simulator.faults import FAULTS, fault_from_text
from market.simulator.options import SimulatorOptions
from market.simulator.server import SimulatedExchange

_DEFAULT = SimulatorOptions()


class Command(BaseCommand):
    help = "Serve a simulated or recorded market with the protocol of Binance USD-M futures."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--port", type=int, required=True, help="port of websocket and REST; 0 takes a free one")
        add("--host", default=_DEFAULT.host, help="address to listen on")
        add("--symbols", default="", help="comma-separated; all contracts of the market without it")
        add("--rate", type=float, default=_DEFAULT.rate, help="trades a second over all symbols")
        add("--seed", type=int, default=_DEFAULT.seed, help="another seed is another market")
        add("--history", type=int, default=_DEFAULT.history_minutes, help="minutes of past to begin with")
        add("--depth-hours", type=float, default=_DEFAULT.depth_hours, help="how far back REST serves")
        add("--recording", type=Path, nargs="+", default=[], help="play recorded frames: files or folders")
        add("--speed", type=float, default=_DEFAULT.speed, help="pace of a recording; 0 as fast as possible")
        add("--keep-times", action="store_true", help="leave the times of a recording as they are")
        add("--wait-subscribers", type=int, default=_DEFAULT.wait_subscribers, help="of each recorded symbol")
        add("--flood", type=int, default=_DEFAULT.flood, help="send N prebuilt trades as fast as possible")
        add("--fault", action="append", default=[], help=f"NAME[:key=value,…]; names: {', '.join(FAULTS)}")
        add("--life", type=float, default=_DEFAULT.life_seconds, help="seconds until a connection is dropped")
        add("--ping", type=float, default=_DEFAULT.ping_seconds, help="seconds between pings")

    def handle(self, *args: Any, **given: Any) -> None:
        try:
            asyncio.run(self._serve(_options(given)))
        except LivepairsError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"Port {given['port']} cannot be used: {error}. Choose another --port.") from None

    async def _serve(self, options: SimulatorOptions) -> None:
        stopped = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
        async with SimulatedExchange(options) as exchange:
            self.stdout.write(f"simulated market on http://{options.host}:{exchange.port}")
            self.stdout.flush()
            ended = asyncio.create_task(stopped.wait())
            await asyncio.wait((ended, exchange.pump), return_when=asyncio.FIRST_COMPLETED)
            if exchange.pump.done():
                exchange.pump.result()


def _options(given: dict[str, Any]) -> SimulatorOptions:
    return SimulatorOptions(
        port=given["port"],
        host=given["host"],
        symbols=tuple(name.strip().upper() for name in given["symbols"].split(",") if name.strip()),
        rate=given["rate"],
        seed=given["seed"],
        history_minutes=given["history"],
        depth_hours=given["depth_hours"],
        recording=tuple(given["recording"]),
        speed=given["speed"],
        keep_times=given["keep_times"],
        wait_subscribers=given["wait_subscribers"],
        faults=tuple(fault_from_text(text) for text in given["fault"]),
        life_seconds=given["life"],
        ping_seconds=given["ping"],
        flood=given["flood"],
    )
