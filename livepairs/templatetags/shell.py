"""Parts of the shell around every page."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

register = template.Library()


@register.inclusion_tag("shell/_nav_link.html", takes_context=True)
def nav_link(context: Context, view: str, label: str, name: str) -> dict[str, Any]:
    """An entry of the side bar; current on its page and all below it."""
    url = reverse(view)
    path = context["request"].path if "request" in context else ""
    return {"url": url, "label": label, "name": name, "is_current": path.startswith(url)}
