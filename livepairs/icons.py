"""The icons that pages may use: names of Lucide. Each is one symbol of the sprite that livepairs.frontend builds."""

import re
from pathlib import Path

_NAMES = """
activity arrow-down arrow-left-right arrow-up bell book-open bookmark calendar-days chart-candlestick chart-line
check chevron-down chevron-left chevron-right chevron-up chevrons-up-down circle-alert circle-check circle-help
circle-user clock copy corner-down-left crosshair database download ellipsis ellipsis-vertical external-link eye
eye-off fast-forward file-text globe grip-vertical history hourglass house image inbox info key-round keyboard
layout-dashboard link list lock lock-open log-in log-out mail maximize-2 menu minimize-2 minus monitor moon
move-horizontal notebook-pen palette panel-left pause pencil play plus radio refresh-cw rows-3 rows-4 search
settings share-2 shield skip-forward sliders-horizontal star sun sun-moon swatch-book table trash-2
trending-down trending-up triangle-alert undo-2 user-plus wifi-off x zoom-in zoom-out
"""
ICONS = frozenset(_NAMES.split())
_HEAD = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC License, https://lucide.dev/license -->\n'
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


def sprite(folder: Path) -> str:
    """One SVG of all ICONS, read from a folder of single files."""
    return f"{_HEAD}{''.join(_symbol(name, (folder / f'{name}.svg').read_text()) for name in sorted(ICONS))}</svg>\n"


def _symbol(name: str, text: str) -> str:
    found = _BODY.search(text)
    assert found is not None, name
    shapes = re.sub(r"\s*\n\s*", "", found.group(1))
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        f'stroke-linecap="round" stroke-linejoin="round">{shapes}</symbol>\n'
    )
