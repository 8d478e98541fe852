"""The theme of this request, known before the first byte of the page is sent: no flash."""

from django import template
from django.template.context import Context

from accounts.themes import NEXT, theme_of

register = template.Library()


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    return theme_of(context["request"]) if "request" in context else "system"


@register.filter
def next_theme(theme: str) -> str:
    return NEXT[theme]
