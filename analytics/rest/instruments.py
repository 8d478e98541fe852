"""Instruments, their bars and their trades."""

from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from analytics.access import granted
from analytics.rest.access import user_of
from analytics.rest.answers import json_answer, shown
from analytics.rest.params import Cursor, Page, Rows, Times, chosen
from analytics.rest.rows import rows_answer
from analytics.rest.shapes import BarPage, InstrumentList, InstrumentOut, TickPage
from analytics.topics import RefusedError
from analytics.topics.spec import plain
from market.core.types import Timeframe
from market.models import Instrument
from market.ranges import RangeError, Span
from market.row_tables import BARS, TICKS, bar_table, tick_table

router = Router(tags=["Instruments"])
_FIELDS = list(InstrumentOut.model_fields)
Symbol = Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]


@router.get("/instruments", url_name="instruments", response=InstrumentList)
def list_instruments(
    request: HttpRequest,
    page: Page,
    q: Annotated[Symbol, Query("", description="a part of the symbol")],
    venue: Annotated[Symbol, Query("")],
    status: Annotated[Symbol, Query("", description="as the venue says it, e.g. TRADING")],
) -> HttpResponseBase:
    """Contracts of all venues, oldest first."""
    fields = chosen(page.fields, _FIELDS)
    wanted = Q(symbol__icontains=q) if q else Q()
    wanted &= Q(venue=venue) if venue else Q()
    wanted &= Q(status=status) if status else Q()
    after = Cursor.read(page.cursor, "instruments") or 0
    found = list(Instrument.objects.filter(wanted, pk__gt=min(after, 2**31 - 1)).order_by("pk")[: page.limit + 1])
    more = found[page.limit :]
    body = {
        "items": [_described(each, fields, page.times) for each in found[: page.limit]],
        "next": str(Cursor("instruments", found[page.limit - 1].pk)) if more else None,
    }
    return json_answer(request, body)


@router.get("/instruments/{instrument}", url_name="instrument", response=InstrumentOut)
def get_instrument(request: HttpRequest, instrument: str, times: Times = "iso", fields: str = "") -> HttpResponseBase:
    """One contract, `venue:SYMBOL`."""
    found = seen_instrument(request, instrument)
    return json_answer(request, _described(found, chosen(fields, _FIELDS), times))


@router.get("/instruments/{instrument}/bars", url_name="instrument_bars", response=BarPage)
def bars(
    request: HttpRequest,
    instrument: str,
    query: Rows,
    tf: Annotated[str, Query("1m", description=f"one of {', '.join(each.label for each in Timeframe)}")],
) -> HttpResponseBase:
    """Bars from trades, in rising order. The newest one may still form. Bars below a minute are kept for a week."""
    found = seen_instrument(request, instrument)
    try:
        timeframe = Timeframe.from_label(tf)
    except ValueError as error:
        raise RefusedError(422, str(error).partition(":")[0] + ".", "query.tf", _allowed(error)) from None
    return rows_answer(
        request,
        query,
        f"bars.{found.pk}.{timeframe}",
        BARS,
        lambda columns: (bar_table(found, timeframe, columns), query.from_ms, query.to_ms),
    )


@router.get("/instruments/{instrument}/ticks", url_name="instrument_ticks", response=TickPage)
def ticks(request: HttpRequest, instrument: str, query: Rows) -> HttpResponseBase:
    """Single trades, in rising order of their ids."""
    found = seen_instrument(request, instrument)
    try:
        span = Span.asked(query.from_ms, query.to_ms, None)
    except RangeError as error:
        raise RefusedError(422, error.what, error.where, error.mend) from None
    return rows_answer(request, query, f"ticks.{found.pk}", TICKS, lambda columns: tick_table(found, span, columns))


def seen_instrument(request: HttpRequest, name: str) -> Instrument:
    """The instrument if the user may see its prices; 404 otherwise."""
    topic = f"price.{name}"
    ask = (user_of(request).pk, topic)
    found = Instrument.objects.named(name).first() if ask in granted([ask]) else None
    if found is None:
        raise RefusedError(404, "No such instrument.", name[:120], "GET /api/v1/instruments lists them.")
    return found


def _described(instrument: Instrument, fields: list[str], times: Times) -> dict[str, Any]:
    return {name: _value(instrument, name, times) for name in fields}


def _value(instrument: Instrument, name: str, times: Times) -> Any:
    if name == "name":
        return str(instrument)
    value = getattr(instrument, name)
    if name in ("tick_size", "step_size"):
        return plain(value)
    if name in ("onboarded_at", "delivery_at"):
        return None if value is None else shown(round(value.timestamp() * 1_000), times)
    return value


def _allowed(error: ValueError) -> str:
    return str(error).partition(": ")[2].capitalize()
