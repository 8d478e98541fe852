"""Pairs by what somebody types: those of the user's list first, then any two symbols that the venue trades."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, product
from typing import Annotated, Any
from urllib.parse import quote, unquote

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponseBase
from ninja import Router
from pydantic import Field

from accounts.models import User
from analytics.models import Pair
from analytics.rest.access import user_of
from analytics.rest.answers import json_answer
from analytics.rest.shapes import SearchOut
from market.models import FeedControl, Instrument, SymbolDemand

LONGEST = 64
MOST_RESULTS = 12
#: more symbols than this for one word say nothing
MOST_OF_A_WORD = 8
#: a pair has two legs; further words only narrow the own list
MOST_WORDS = 4
NEAREST = 5
_BETWEEN = re.compile(r"[\s~/,|+]+")

router = Router(tags=["Pairs"])


@dataclass(frozen=True, slots=True)
class Found:
    """One pair, as a list of results shows it."""

    label: str
    detail: str
    href: str

    @property
    def data(self) -> dict[str, str]:
        return {"label": self.label, "detail": self.detail, "href": self.href}


@router.get("/search", url_name="search", response=SearchOut)
def search(request: HttpRequest, q: Annotated[str, Field(max_length=LONGEST)] = "") -> HttpResponseBase:
    """Pairs for the words of `q`: own ones first, at most 12. Without words, the user's list."""
    return json_answer(request, {"results": [found.data for found in find(user_of(request), q)]})


def find(user: User, text: str) -> list[Found]:
    """The same for pages. Two queries, whatever is typed."""
    words = _words(text)
    own = _own(user, words)
    if not words:
        return own
    known = {found.href for found in own}
    others = (found for found in _others(words) if found.href not in known)
    return [*own, *others][:MOST_RESULTS]


def nearest_pairs(path: str) -> list[Found]:
    """Pairs that are traded and read like the one in the address `/pairs/A~B/…`; nothing for other addresses."""
    match = re.fullmatch(r"/pairs/([^/]*[~][^/]*)/.*", path if path.endswith("/") else f"{path}/")
    if match is None:
        return []
    typed = unquote(match.group(1)).upper().replace("\0", "").split("~")[:2]
    instruments = list(_traded().only("symbol"))
    names = {instrument.symbol.upper(): instrument.symbol for instrument in instruments}
    near = [get_close_matches(name[:LONGEST], names, n=3, cutoff=0.5) for name in typed]
    pairs = ((names[y], names[x]) for y, x in product(*near) if y != x)
    return [_found(y, x, "") for y, x in pairs][:NEAREST]


def href_of(y: str, x: str) -> str:
    """Address of a pair's own page; symbols are any UTF-8."""
    return f"/pairs/{quote(f'{y}~{x}', safe='~')}/"


def _words(text: str) -> list[str]:
    plain = text[:LONGEST].replace("\0", "")
    return [word for word in _BETWEEN.split(plain) if word][:MOST_WORDS]


def _own(user: User, words: list[str]) -> list[Found]:
    pairs = Pair.objects.owned_by(user).listed().select_related("spec__y", "spec__x")
    for word in words:
        pairs = pairs.filter(
            Q(spec__y__symbol__icontains=word) | Q(spec__x__symbol__icontains=word) | Q(name__icontains=word)
        )
    return [
        _found(pair.spec.y.symbol, pair.spec.x.symbol, f"on your list, {pair.spec.get_timeframe_display()}")
        for pair in pairs[:MOST_RESULTS]
    ]


def _others(words: list[str]) -> Iterator[Found]:
    """Two words are the legs in this order and then in the other; one word goes with what is recorded anyway."""
    any_word = Q()
    for word in words[:2]:
        any_word |= Q(symbol__icontains=word)
    instruments = list(_traded().filter(any_word | Q(is_recorded=True)).only("symbol"))
    first = _named(instruments, words[0])
    if len(words) > 1:
        second = _named(instruments, words[1])
        pairs: Iterator[tuple[Any, Any]] = chain(product(first, second), product(second, first))
    else:
        recorded = [each for each in instruments if each.is_recorded][:MOST_OF_A_WORD]
        pairs = product(first, recorded)
    seen = dict.fromkeys((y.symbol, x.symbol) for y, x in pairs if y.pk != x.pk)
    return (_found(y, x, "not on your list") for y, x in seen)


def _traded() -> "Any":
    """Instruments of the venue that the feed records, those that are recorded now first."""
    venue = FeedControl.objects.filter(id=1).values("venue")
    demands = SymbolDemand.objects.filter(instrument=OuterRef("pk"))
    return (
        Instrument.objects.filter(venue__in=venue, is_blocked=False, status="TRADING")
        .annotate(is_recorded=Exists(demands))
        .order_by("-is_recorded", "id")
    )


def _named(instruments: list[Instrument], word: str) -> list[Instrument]:
    """Those whose symbol holds the word, those that begin with it first."""
    sought = word.upper()
    holding = [each for each in instruments if sought in each.symbol.upper()]
    return sorted(holding, key=lambda each: not each.symbol.upper().startswith(sought))[:MOST_OF_A_WORD]


def _found(y: str, x: str, detail: str) -> Found:
    return Found(f"{y} on {x}", detail, href_of(y, x))
