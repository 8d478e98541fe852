"""Addresses of the built browser files, and a plain sentence where nothing was built."""

from pathlib import Path

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from livepairs.frontend import BUILD, FONT, SPRITE
from livepairs.icons import ICONS

register = template.Library()


@register.simple_tag
def frontend_style(name: str) -> SafeString:
    """`<link>` of an entry of static/css/pages; nothing without a build."""
    url = _url(f"{name}.css")
    return format_html('<link rel="stylesheet" href="{}">', url) if url else SafeString("")


@register.simple_tag
def frontend_font() -> SafeString:
    """The font, asked for before the style sheet names it, so that text does not change its width when it comes."""
    url = _url(FONT)
    link = '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>'
    return format_html(link, url) if url else SafeString("")


@register.simple_tag
def frontend_script(name: str) -> SafeString:
    """`<script type="module">` of an entry of static/js/pages; nothing without a build."""
    url = _url(f"{name}.js")
    return format_html('<script type="module" src="{}"></script>', url) if url else SafeString("")


@register.simple_tag
def frontend_logo() -> SafeString:
    """The mark of the site for tabs and bookmarks; nothing without a build."""
    url = _url("logo.svg")
    return format_html('<link rel="icon" href="{}" type="image/svg+xml">', url) if url else SafeString("")


@register.simple_tag
def icon(name: str, style: str = "") -> SafeString:
    """One icon of livepairs/icons.py, decoration only: the word beside it or its button's label has the meaning."""
    if name not in ICONS:
        raise template.TemplateSyntaxError(f"There is no icon {name!r}: add its Lucide name to livepairs/icons.py.")
    url = _url(SPRITE)
    if not url:
        return SafeString("")
    classes = f"icon {style}".strip()
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}#{}"></use></svg>', classes, url, name)


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
    return url if is_hashed or Path(f"{BUILD}/{name}").exists() else None
