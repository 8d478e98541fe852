"""REST: stored series for charts. Rights are those of the topics of the same names."""

from typing import Annotated

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router
from ninja.decorators import decorate_view

from analytics.access import granted
from analytics.holders import reader_of
from analytics.models import PairSpec
from analytics.rest.answers import json_answer
from analytics.rest.pairs import snapshot_table
from analytics.rest.params import FROM_TEXT, Format, Moment, Times, chosen
from analytics.rest.rows import whole_answer
from analytics.rest.shapes import Anything
from analytics.series import COLUMNS, spec_series
from analytics.topics import RefusedError, kind_of
from analytics.topics.base import no_such, row_id
from market.core.types import Timeframe
from market.models import Instrument
from market.ranges import RangeError, Span
from market.row_tables import BARS, bar_table
from market.series import BAR_COLUMNS, bar_series
from market.tables import Column, Table
from market.tick_series import MOST_LAST, last_ticks, tick_series

router = Router(tags=["Series for drawings"])

# `from` is no name of Python's
_Start = Annotated[Moment, Query(..., alias="from", description=FROM_TEXT)]
_Stop = Annotated[Moment, Query(..., alias="to", description=FROM_TEXT)]
_MaybeStart = Annotated[Moment | None, Query(None, alias="from", description=FROM_TEXT)]
_MaybeStop = Annotated[Moment | None, Query(None, alias="to", description=FROM_TEXT)]

_OPENED = Column("t", "opened_at", "time")
_SPEC_COLUMNS = (_OPENED, *(Column(name, source, "number") for name, source in COLUMNS.items()))
_KINDS = {column.name: column.kind for column in BARS}
_BAR_COLUMNS = (
    _OPENED,
    *(Column(name, source, _KINDS[source]) for name, source in BAR_COLUMNS.items() if source != "opened_ms"),
)


@router.get("/series/{topic}", url_name="series", response=Anything)
@decorate_view(gzip_page)
def series(
    request: HttpRequest,
    topic: str,
    from_ms: _Start,
    to_ms: _Stop,
    pixels: int | None = None,
    format: Format = "json",
    fields: str = "",
    times: Times = "iso",
) -> HttpResponseBase:
    """Rows of `spec.<id>` or `bars.<venue:SYMBOL>@<tf>` from one time to another.

    JSON with `pixels`: at most four points a pixel and column, or at most so many bars. Without: every row, at most
    20,000. Times of JSON are epoch ms. As csv or arrow: every row as a table of `fields`.
    """
    kind, key = kind_of(topic)
    _check_rights(request, topic)
    span = _span(from_ms, to_ms, pixels)
    try:
        if kind.name == "spec":
            spec = PairSpec.objects.get(pk=row_id(topic, key))
            if format == "json":
                return json_answer(request, spec_series(spec, span))
            table = snapshot_table(spec, _columns(fields, _SPEC_COLUMNS))
            return _file(request, table, span, format, times)
        if kind.name == "bars":
            name, _, label = key.rpartition("@")
            instrument, timeframe = Instrument.objects.named(name).get(), Timeframe.from_label(label)
            if format == "json":
                return json_answer(request, bar_series(instrument, timeframe, span))
            table = bar_table(instrument, timeframe, _columns(fields, _BAR_COLUMNS))
            return _file(request, table, span, format, times)
    except RangeError as error:
        raise _refused(error) from None
    raise no_such(topic)


@router.get("/ticks/{instrument}", url_name="ticks", response=Anything)
@decorate_view(gzip_page)
def ticks(
    request: HttpRequest,
    instrument: str,
    from_ms: _MaybeStart,
    to_ms: _MaybeStop,
    pixels: int | None = None,
    last: int | None = None,
) -> HttpResponseBase:
    """Single trades of `<venue:SYMBOL>`: the prices of a range as a drawing can show them, or the `last` so many."""
    _check_rights(request, f"price.{instrument}")
    found = Instrument.objects.named(instrument).get()
    if last is not None:
        if not 1 <= last <= MOST_LAST:
            raise RefusedError(
                422, f"{last} trades are outside 1 to {MOST_LAST}.", "last", f"Ask for 1 to {MOST_LAST}."
            )
        return json_answer(request, last_ticks(found, last))
    if from_ms is None or to_ms is None:
        raise RefusedError(422, "Nothing is asked for.", "from, to, last", "Give a range, or `last`.")
    try:
        return json_answer(request, tick_series(found, _span(from_ms, to_ms, pixels)))
    except RangeError as error:
        raise _refused(error) from None


def _columns(fields: str, known: tuple[Column, ...]) -> tuple[Column, ...]:
    by_name = {column.name: column for column in known}
    return tuple(by_name[name] for name in chosen(fields, list(by_name)))


def _file(request: HttpRequest, table: Table, span: Span, kind: str, times: Times) -> HttpResponseBase:
    if span.pixels is not None:
        raise RefusedError(422, "Files hold every row.", "query.pixels", "Leave pixels out, or ask for format=json.")
    return whole_answer(request, table, (span.from_ms, span.to_ms), times, kind)


def _refused(error: RangeError) -> RefusedError:
    return RefusedError(422, error.what, error.where, error.mend)


def _span(from_ms: int, to_ms: int, pixels: int | None) -> Span:
    try:
        return Span.asked(from_ms, to_ms, pixels)
    except RangeError as error:
        raise _refused(error) from None


def _check_rights(request: HttpRequest, topic: str) -> None:
    ask = (reader_of(request), topic)
    if ask not in granted([ask]):
        raise no_such(topic)
