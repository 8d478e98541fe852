"""The list of contracts as the venue gives it."""

from collections.abc import Sequence

from market.models import Instrument
from market.venues.base import Listing

GONE = "GONE"
_FIELDS = (
    "base_asset",
    "quote_asset",
    "contract_type",
    "status",
    "tick_size",
    "step_size",
    "onboarded_at",
    "delivery_at",
)


def sync(venue: str, listings: Sequence[Listing]) -> int:
    """Insert and update instruments by (venue, symbol); one that is listed no more gets status GONE. How many changed.

    Only changed rows are written: the list has hundreds, a change a few.
    """
    if not listings:
        return 0
    known = {instrument.symbol: instrument for instrument in Instrument.objects.filter(venue=venue)}
    changed = []
    for listing in listings:
        values = {name: getattr(listing, name) for name in _FIELDS}
        instrument = known.pop(listing.symbol, None)
        if instrument is None or any(getattr(instrument, name) != value for name, value in values.items()):
            changed.append(Instrument(venue=venue, symbol=listing.symbol, **values))
    Instrument.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["venue", "symbol"], update_fields=list(_FIELDS)
    )
    gone = [instrument.id for instrument in known.values() if instrument.status != GONE]
    Instrument.objects.filter(id__in=gone).update(status=GONE)
    return len(changed) + len(gone)
