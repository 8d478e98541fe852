"""Numbers as people read them, as static/js/lib/format.js does: "–" when unknown, a true minus, groups of three."""

import math
from datetime import datetime

from django import template

from analytics.links import zone_of

register = template.Library()
UNKNOWN = "–"
MINUS = "\u2212"


@register.filter
def plain(value: float | None, decimals: int) -> str:
    """1234.5 -> "1,234.50"."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    text = f"{abs(value):,.{decimals}f}"
    return MINUS + text if value < 0 and text.strip("0.,") else text


@register.filter
def signed(value: float | None, decimals: int) -> str:
    """With a sign, but for zero."""
    text = plain(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") and text != UNKNOWN else text


@register.filter
def percent(share: float | None, decimals: int) -> str:
    """0.1234 -> "12.34 %"."""
    return UNKNOWN if share is None or not math.isfinite(share) else f"{plain(share * 100, decimals)} %"


@register.filter
def pvalue(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return UNKNOWN
    return "<0.001" if value < 0.001 else plain(value, 3)


@register.filter
def in_zone(moment: datetime, zone: str) -> str:
    """The clock of that zone, with the zone told."""
    return f"{moment.astimezone(zone_of(zone)):%-d %b %Y, %H:%M:%S} {zone}"
