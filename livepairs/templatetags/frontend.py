"""Addresses of the built browser files, and a plain sentence where nothing was built."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from livepairs.frontend import BUILD

register = template.Library()


@register.simple_tag
def frontend_style(name: str) -> SafeString:
    """`<link>` of an entry of static/css/pages; nothing without a build."""
    url = _url(f"{name}.css")
    return format_html('<link rel="stylesheet" href="{}">', url) if url else SafeString("")


@register.simple_tag
def frontend_script(name: str) -> SafeString:
    """`<script type="module">` of an entry of static/js/pages; nothing without a build."""
    url = _url(f"{name}.js")
    return format_html('<script type="module" src="{}"></script>', url) if url else SafeString("")


@register.simple_tag
def frontend_is_missing() -> bool:
    return _url("site.css") is None


def _url(name: str) -> str | None:
    try:
        url = static(f"build/{name}")
    except ValueError:
        # The manifest does not know the file: collectstatic has not run since the build
        return None
    # A plain storage gives an address to every name, a manifest only to files that exist
    is_hashed = not url.endswith(name)
    return url if is_hashed or (BUILD / name).exists() else None
