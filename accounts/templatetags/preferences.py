"""What a page knows of its reader before its first byte is sent."""

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.preferences import NEXT, Preferences, preferences_of

register = template.Library()


@register.simple_tag(takes_context=True)
def root_attributes(context: Context) -> SafeString:
    """Attributes of `<html>` that style sheet and script read."""
    own = _of(context)
    return format_html(
        'data-theme="{}" data-density="{}" data-palette="{}" data-shortcuts="{}" data-sidebar="{}"',
        own.theme,
        own.density,
        own.palette,
        "on" if own.has_shortcuts else "off",
        "open" if own.is_sidebar_open else "closed",
    )


@register.simple_tag(takes_context=True)
def preferences(context: Context) -> Preferences:
    return _of(context)


@register.filter
def next_theme(theme: str) -> str:
    return NEXT[theme]


def _of(context: Context) -> Preferences:
    return preferences_of(context["request"]) if "request" in context else Preferences()
