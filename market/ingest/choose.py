"""Which venue is recorded: Binance, or the simulated market where Binance has never been reached."""

import asyncio
import logging
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
from django.conf import settings
from django.db import transaction
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException

from market.ingest.recorder import newest_tick
from market.models import FeedControl, Instrument
from market.venues import venue_named
from market.venues.base import Venue

logger = logging.getLogger(__name__)

PROBE_SECONDS = 6.0
REAL, SIMULATED = "binance", "simulated"


@dataclass(frozen=True, slots=True)
class Choice:
    """The venue to record ("" for none) and why, in a sentence for every page."""

    venue: str
    reason: str = ""


def rule(feed: str, *, unreachable: str, has_real_ticks: bool) -> Choice:
    """The rule, pure. `unreachable` says why Binance cannot be used, empty when it can."""
    if feed == "none":
        return Choice("", "no feed is recorded (LIVEPAIRS_FEED=none)")
    if feed != "auto":
        return Choice(feed)
    if unreachable and not has_real_ticks:
        return Choice(SIMULATED, f"Binance cannot be used from here ({unreachable}): this is a simulated market.")
    return Choice(REAL, unreachable)


def choose_venue() -> Choice:
    """Apply the rule to the settings, the database and the network, and store the choice for every page."""
    feed = settings.FEED
    has_real_ticks = feed == "auto" and any_tick_of(REAL)
    probing = feed == "auto" and not has_real_ticks
    unreachable = asyncio.run(probe(venue_named(REAL))) if probing else ""
    choice = rule(feed, unreachable=unreachable, has_real_ticks=has_real_ticks)
    logger.info("feed: %s %s", choice.venue or "none", choice.reason)
    store(choice)
    return choice


@transaction.atomic
def store(choice: Choice) -> None:
    control, _ = FeedControl.objects.select_for_update().get_or_create(id=1)
    control.venue, control.reason = choice.venue, choice.reason[:300]
    control.save()


def any_tick_of(venue: str) -> bool:
    """Whether a tick of this venue was ever stored and is still there."""
    ids = Instrument.objects.filter(venue=venue).values_list("id", flat=True)
    return any(newest_tick(instrument) is not None for instrument in ids)


async def probe(venue: Venue) -> str:
    """Why the venue cannot be used, or nothing: REST and websocket are refused separately, so both are asked."""
    problems = await asyncio.gather(_probe_rest(venue), _probe_stream(venue))
    return "; ".join(problem for problem in problems if problem)


async def _probe_rest(venue: Venue) -> str:
    try:
        async with httpx.AsyncClient(timeout=PROBE_SECONDS) as client:
            response = await client.get(urljoin(venue.rest_url(), venue.ping().path))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return f"REST: {type(error).__name__}"
    return "" if response.status_code == 200 else f"REST: HTTP {response.status_code}"


async def _probe_stream(venue: Venue) -> str:
    try:
        async with connect(venue.stream_url(), open_timeout=PROBE_SECONDS, close_timeout=1.0):
            return ""
    except InvalidStatus as error:
        return f"stream: HTTP {error.response.status_code}"
    except (OSError, TimeoutError, WebSocketException) as error:
        return f"stream: {type(error).__name__}"
