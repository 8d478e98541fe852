"""Which symbols are recorded: rows of demand, read every few seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from market.models import FeedControl, Instrument, SymbolDemand

SETTING = "setting"
TRADING = "TRADING"


@dataclass(frozen=True, slots=True)
class Orders:
    """What the database asks of the recorder: symbol to instrument, halted ones by status, and the pause."""

    instruments: dict[str, int]
    halted: dict[int, str]
    is_paused: bool
    paused_by: str


def read_orders(venue: str) -> Orders:
    wanted = list(Instrument.objects.wanted().filter(venue=venue).order_by("id"))
    control = FeedControl.objects.filter(id=1).first()
    return Orders(
        instruments={instrument.symbol: instrument.id for instrument in wanted},
        halted={instrument.id: instrument.status for instrument in wanted if instrument.status != TRADING},
        is_paused=bool(control and control.is_paused),
        paused_by=control.paused_by if control else "",
    )


@transaction.atomic
def demand(venue: str, symbols: Sequence[str], holder: str = SETTING) -> None:
    """Want these symbols recorded; does nothing for those the holder has."""
    for symbol in symbols:
        instrument, _ = Instrument.objects.get_or_create(venue=venue, symbol=symbol)
        SymbolDemand.objects.get_or_create(instrument=instrument, holder=holder)


def seed(venue: str, symbols: Sequence[str]) -> None:
    """Fill an empty table of demand; a table anybody has written to is left alone."""
    if not SymbolDemand.objects.filter(instrument__venue=venue).exists():
        demand(venue, symbols)
