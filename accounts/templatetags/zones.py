"""The names a field for a time zone suggests."""

from django import template

from accounts.zones import zones

register = template.Library()


@register.inclusion_tag("_zone_list.html")
def zone_list() -> dict[str, tuple[str, ...]]:
    return {"zones": zones()}
