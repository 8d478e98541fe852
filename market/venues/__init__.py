"""Exchange adapters. A venue is one file here that calls `register`; nothing else lists it."""

import importlib
import pkgutil
from functools import cache

from market.errors import LivepairsError
from market.venues.base import Venue

_venues: dict[str, Venue] = {}


def register(venue: Venue) -> None:
    """Offer a venue under its name."""
    _venues[venue.name] = venue


@cache
def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def venues() -> dict[str, Venue]:
    """All venues by name."""
    _load()
    return dict(_venues)


def venue_named(name: str) -> Venue:
    """The adapter of a venue; LivepairsError names the known ones."""
    known = venues()
    if name not in known:
        raise LivepairsError(f"Unknown venue {name!r}: use one of {', '.join(sorted(known))}.")
    return known[name]
