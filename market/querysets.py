"""Questions about many rows of the market."""

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from market.models import Bar, Gap, Instrument  # noqa: F401  named in the bases below


class InstrumentQuerySet(models.QuerySet["Instrument", "Instrument"]):
    def wanted(self) -> Self:
        """Instruments somebody holds a demand for and that are not blocked."""
        return self.filter(demands__isnull=False, is_blocked=False).distinct()

    def named(self, name: str) -> Self:
        """The instrument called "venue:SYMBOL"."""
        venue, _, symbol = name.partition(":")
        return self.filter(venue=venue, symbol=symbol)


class BarQuerySet(models.QuerySet["Bar", "Bar"]):
    def of(self, instrument_id: int, timeframe: int) -> Self:
        return self.filter(instrument_id=instrument_id, timeframe=timeframe, source=0).order_by("opened_at")


class GapQuerySet(models.QuerySet["Gap", "Gap"]):
    def unfilled(self) -> Self:
        return self.exclude(state="filled")
