"""How long ago something happened, in words."""

import time
from datetime import datetime

from django import template

register = template.Library()
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"))


@register.filter
def age(moment: datetime | int | None) -> str:
    """ "12 s ago" for a datetime or epoch milliseconds; "–" when it never happened."""
    if moment is None:
        return "–"
    ms = moment if isinstance(moment, int) else int(moment.timestamp() * 1000)
    return f"{duration(max(0, int(time.time() - ms / 1000)))} ago"


def duration(seconds: int) -> str:
    """The two largest units: "4 min 10 s", "2 d 3 h"."""
    if seconds < 60:
        return f"{seconds} s"
    for (size, unit), (lower_size, lower_unit) in zip(_UNITS, (*_UNITS[1:], (1, "s")), strict=True):
        if seconds >= size:
            rest = seconds % size // lower_size
            return f"{seconds // size} {unit}" + (f" {rest} {lower_unit}" if rest else "")
    raise AssertionError(seconds)
