import asyncio
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from market.ingest.choose import choose_venue
from market.ingest.runner import Ingest
from market.models import FeedControl
from market.venues import venue_named


class Command(BaseCommand):
    # The recorder starts without the pages, and whatever is wrong with them
    requires_system_checks: list[str] = []
    help = "Record every trade of the wanted symbols until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chosen", action="store_true", help="record the venue that `up` has chosen")
        parser.add_argument("--symbols", default="", help="fill an empty symbol table, e.g. BTCUSDT,ETHUSDT")

    def handle(self, *args: Any, **options: Any) -> None:
        symbols = [s.strip() for s in options["symbols"].split(",") if s.strip()] or settings.SYMBOLS
        venue = FeedControl.objects.get(id=1).venue if options["chosen"] else choose_venue().venue
        if venue:
            asyncio.run(_record(venue, list(symbols)))


async def _record(venue: str, symbols: list[str]) -> None:
    ingest = Ingest(venue_named(venue), seed=symbols)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ingest.stop)
    await ingest.run()
