"""REST: stored series for charts. Rights are those of the topics of the same names."""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router
from ninja.decorators import decorate_view

from analytics.access import granted
from analytics.models import PairSpec
from analytics.series import spec_series
from analytics.topics import RefusedError, kind_of
from analytics.topics.base import no_such, row_id
from market.core.types import Timeframe
from market.models import Instrument
from market.ranges import RangeError, Span
from market.series import bar_series
from market.tick_series import MOST_LAST, last_ticks, tick_series

router = Router()

# `from` is no name of Python's
_START, _STOP = Query(..., alias="from"), Query(..., alias="to")  # type: ignore[type-arg]  # ninja: made at run time
_MAYBE_START, _MAYBE_STOP = Query(None, alias="from"), Query(None, alias="to")  # type: ignore[type-arg]  # the same


@router.get("/series/{topic}", url_name="series")
@decorate_view(gzip_page)
def series(
    request: HttpRequest,
    topic: str,
    from_ms: int = _START,
    to_ms: int = _STOP,
    pixels: int | None = None,
) -> HttpResponse:
    """Rows of `spec.<id>` or `bars.<venue:SYMBOL>@<tf>` from one time to another, epoch ms, both inclusive.

    With `pixels`: at most four points a pixel and column, or at most so many bars. Without: every row, at most 20,000.
    """
    kind, key = kind_of(topic)
    _check_rights(request, topic)
    span = _span(from_ms, to_ms, pixels)
    try:
        if kind.name == "spec":
            return _answer(spec_series(PairSpec.objects.get(pk=row_id(topic, key)), span))
        if kind.name == "bars":
            name, _, label = key.rpartition("@")
            instrument = Instrument.objects.named(name).get()
            return _answer(bar_series(instrument, Timeframe.from_label(label), span))
    except RangeError as error:
        raise _refused(error) from None
    raise no_such(topic)


@router.get("/ticks/{instrument}", url_name="ticks")
@decorate_view(gzip_page)
def ticks(
    request: HttpRequest,
    instrument: str,
    from_ms: int | None = _MAYBE_START,
    to_ms: int | None = _MAYBE_STOP,
    pixels: int | None = None,
    last: int | None = None,
) -> HttpResponse:
    """Single trades of `<venue:SYMBOL>`: the prices of a range as a drawing can show them, or the `last` so many."""
    _check_rights(request, f"price.{instrument}")
    found = Instrument.objects.named(instrument).get()
    if last is not None:
        if not 1 <= last <= MOST_LAST:
            raise RefusedError(
                422, f"{last} trades are outside 1 to {MOST_LAST}.", "last", f"Ask for 1 to {MOST_LAST}."
            )
        return _answer(last_ticks(found, last))
    if from_ms is None or to_ms is None:
        raise RefusedError(422, "Nothing is asked for.", "from, to, last", "Give a range, or `last`.")
    try:
        return _answer(tick_series(found, _span(from_ms, to_ms, pixels)))
    except RangeError as error:
        raise _refused(error) from None


def _refused(error: RangeError) -> RefusedError:
    return RefusedError(422, error.what, error.where, error.mend)


def _span(from_ms: int, to_ms: int, pixels: int | None) -> Span:
    try:
        return Span.asked(from_ms, to_ms, pixels)
    except RangeError as error:
        raise _refused(error) from None


def _check_rights(request: HttpRequest, topic: str) -> None:
    if request.user.pk is None or (request.user.pk, topic) not in granted([(request.user.pk, topic)]):
        raise no_such(topic)


def _answer(body: dict[str, Any]) -> HttpResponse:
    # NaN becomes null
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
