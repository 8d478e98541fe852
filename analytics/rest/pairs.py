"""Pairs of the user's list: read, add, change, remove; and their snapshots."""

from http import HTTPStatus
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from ninja import Router, Schema
from psycopg import sql
from pydantic import ConfigDict, Field

from analytics.choices import BOUNDS, Choice
from analytics.forms import PairSettingsForm
from analytics.latest import NUMBERS, rows_with_latest
from analytics.models import Pair, PairSpec, Share
from analytics.pairs import (
    PairRefusedError,
    active_instruments,
    add_pair,
    change_spec,
    find_instrument,
    remove_pair,
)
from analytics.rest.access import user_of
from analytics.rest.answers import json_answer, shown
from analytics.rest.params import Cursor, Page, Rows, Times, chosen
from analytics.rest.rows import rows_answer
from analytics.rest.shapes import PairList, PairOut, SnapshotOut, SnapshotPage
from analytics.topics import RefusedError
from market.core.types import Timeframe
from market.errors import QuotaExceeded
from market.models import Instrument
from market.tables import Column, Table

router = Router(tags=["Pairs"])

_FIELDS = list(PairOut.model_fields)
_SETTINGS = ("timeframe", "hedge", "prices", "hedge_window", "z_window", "correlation_window", "lags")
_LARGEST_ID = 2**63 - 1
_COUNTS = ("hedge_n",)
SNAPSHOTS = (
    Column("opened_at", "opened_at", "time"),
    *(
        Column(name, name, "count" if name in _COUNTS else "number")
        for name in SnapshotOut.model_fields
        if name != "opened_at"
    ),
)

_Text = Annotated[str, Field(max_length=80, pattern=r"^[^\x00]*$")]
_Note = Annotated[str, Field(max_length=10_000, pattern=r"^[^\x00]*$")]
_Window = Annotated[int, Field(ge=min(low for low, _ in BOUNDS.values()), le=max(high for _, high in BOUNDS.values()))]


class PairChange(Schema):
    """What is not sent is not changed."""

    model_config = ConfigDict(extra="forbid")

    timeframe: str | None = Field(None, max_length=4, description="1s 5s 15s 1m 5m 15m 1h")
    hedge: str | None = Field(None, max_length=16, description="a method of the page /method/")
    prices: str | None = Field(None, max_length=3, description="log or raw")
    hedge_window: _Window | None = None
    z_window: _Window | None = None
    correlation_window: _Window | None = None
    lags: str | None = Field(None, max_length=4, description="bic, aic or a number")
    name: _Text | None = None
    note: _Note | None = None


class NewPair(PairChange):
    """Two symbols of the venue that is recorded; settings that are not sent are the usual ones."""

    y: Annotated[str, Field(max_length=97, description="the dependent leg, SYMBOL or venue:SYMBOL")]
    x: Annotated[str, Field(max_length=97, description="the hedge leg, SYMBOL or venue:SYMBOL")]


@router.get("/pairs", url_name="pairs", response=PairList)
def list_pairs(request: HttpRequest, page: Page) -> HttpResponseBase:
    """Your list with the newest snapshot of each pair, oldest pair first."""
    fields = chosen(page.fields, _FIELDS)
    after = Cursor.read(page.cursor, "pairs") or 0
    found = rows_with_latest(_listed(request).filter(pk__gt=after).order_by("pk")[: page.limit + 1])
    items = found[: page.limit]
    body = {
        "items": described(items, fields, page.times),
        "next": str(Cursor("pairs", items[-1]["id"])) if len(found) > page.limit else None,
    }
    return json_answer(request, body)


@router.post("/pairs", url_name="pairs", response={201: PairOut})
def add(request: HttpRequest, body: NewPair) -> HttpResponseBase:
    """Put a pair on your list. Its symbols are recorded and its statistics computed from now on."""
    instruments = active_instruments()
    y, x = (_instrument(getattr(body, leg), leg, instruments) for leg in ("y", "x"))
    choice = _choice(body, None)
    try:
        pair = add_pair(user_of(request), y, x, choice)
    except (PairRefusedError, QuotaExceeded) as error:
        raise _conflict(error) from None
    _write_words(pair, body)
    answer = json_answer(request, _one(request, pair.pk), HTTPStatus.CREATED)
    answer["Location"] = reverse("api:pair", args=[pair.pk])
    return answer


@router.get("/pairs/{int:pair_id}", url_name="pair", response=PairOut)
def get_pair(request: HttpRequest, pair_id: int, times: Times = "iso", fields: str = "") -> HttpResponseBase:
    """One pair of your list with its newest snapshot."""
    names = chosen(fields, _FIELDS)
    return json_answer(request, _one(request, pair_id, names, times))


@router.patch("/pairs/{int:pair_id}", url_name="pair", response=PairOut)
def change(request: HttpRequest, pair_id: int, body: PairChange) -> HttpResponseBase:
    """Change settings, name or note of a pair."""
    pair = pair_to_write(request, pair_id)
    if any(getattr(body, name) is not None for name in _SETTINGS):
        try:
            pair = change_spec(pair, _choice(body, pair.spec))
        except PairRefusedError as error:
            raise _conflict(error) from None
    _write_words(pair, body)
    return json_answer(request, _one(request, pair.pk))


@router.delete("/pairs/{int:pair_id}", url_name="pair", response={204: None})
def remove(request: HttpRequest, pair_id: int) -> HttpResponseBase:
    """Take a pair off your list. What was computed stays for others who follow it."""
    remove_pair(pair_to_write(request, pair_id))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@router.get("/pairs/{int:pair_id}/snapshots", url_name="pair_snapshots", response=SnapshotPage)
def snapshots(request: HttpRequest, pair_id: int, query: Rows) -> HttpResponseBase:
    """The statistics of a pair, bar by bar, in rising order."""
    spec = own_pair(request, pair_id).spec
    return rows_answer(
        request,
        query,
        f"snapshots.{spec.pk}",
        SNAPSHOTS,
        lambda columns: (snapshot_table(spec, columns), query.from_ms, query.to_ms),
    )


def snapshot_table(spec: PairSpec, columns: tuple[Column, ...] = SNAPSHOTS) -> Table:
    where = sql.SQL("spec_id = {}").format(sql.Literal(spec.pk))
    return Table("analytics_snapshot", SNAPSHOTS[0], columns, where, mark="seq")


def own_pair(request: HttpRequest, pair_id: int) -> Pair:
    """The pair if it is on the user's list; 404 otherwise."""
    listed = _listed(request).select_related("spec__y", "spec__x")
    pair = listed.filter(pk=pair_id).first() if pair_id <= _LARGEST_ID else None
    if pair is None:
        raise _no_such_pair()
    return pair


def _no_such_pair() -> RefusedError:
    return RefusedError(404, "No such pair on your list.", "pair_id", "GET /api/v1/pairs shows your list.")


def pair_to_write(request: HttpRequest, pair_id: int) -> Pair:
    """The same, and 403 for a pair that is shared with the user to be read."""
    if pair_id <= _LARGEST_ID and Share.objects.seen_by(user_of(request)).filter(pair_id=pair_id).exists():
        what = "This pair is shared with you to be read."
        raise RefusedError(403, what, "pair_id", "Only its owner can change it. Add the pair to your own list.")
    return own_pair(request, pair_id)


def described(rows: list[dict[str, Any]], fields: list[str], times: Times) -> list[dict[str, Any]]:
    """Pairs as the API tells them."""
    whole = (_described(row, times) for row in rows)
    return list(whole) if fields == _FIELDS else [{name: row[name] for name in fields} for row in whole]


def _one(request: HttpRequest, pair_id: int, fields: list[str] = _FIELDS, times: Times = "iso") -> dict[str, Any]:
    rows = rows_with_latest(_listed(request).filter(pk=pair_id)) if pair_id <= _LARGEST_ID else []
    if not rows:
        raise _no_such_pair()
    return described(rows, fields, times)[0]


def _described(row: dict[str, Any], times: Times) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "note": row["note"],
        "y": row["y"],
        "x": row["x"],
        "topic": f"spec.{row['spec']}",
        "timeframe": Timeframe(row["timeframe"]).label,
        **{name: row[name] for name in _SETTINGS[1:]},
        "created_at": shown(round(row["created_at"].timestamp() * 1_000), times),
        "latest": row["latest"] and _latest(row["latest"], times),
    }


def _latest(latest: dict[str, Any], times: Times) -> dict[str, Any]:
    return {
        "opened_at": shown(latest["opened_ms"], times),
        **{name: latest[name] for name in NUMBERS},
        "unknown": latest["unknown"],
    }


def _listed(request: HttpRequest) -> QuerySet[Pair]:
    return Pair.objects.owned_by(user_of(request)).listed()


def _instrument(typed: str, leg: str, instruments: list[Instrument]) -> Instrument:
    named = {str(each): each for each in instruments}
    try:
        return named.get(typed) or find_instrument(typed, instruments)
    except PairRefusedError as error:
        raise RefusedError(422, str(error), f"body.{leg}", "GET /api/v1/instruments lists the symbols.") from None


def _choice(body: PairChange, spec: PairSpec | None) -> Choice:
    """The settings of the body over those that the pair has; windows of another timeframe are its usual ones."""
    sent = {name: value for name in _SETTINGS if (value := getattr(body, name)) is not None}
    kept = Choice.of(spec) if spec else Choice.default()
    usual: dict[str, Any] = kept.columns | {"timeframe": kept.timeframe.label}
    if sent.get("timeframe", usual["timeframe"]) != usual["timeframe"]:
        usual = {name: value for name, value in usual.items() if not name.endswith("_window")}
    form = PairSettingsForm(usual | sent)
    if not form.is_valid():
        field, (first, *_) = next(iter(form.errors.items()))
        mend = "Correct this value, or leave it out for the usual one."
        raise RefusedError(422, str(first), f"body.{field}", mend)
    return form.choice


def _write_words(pair: Pair, body: PairChange) -> None:
    words = {name: value for name in ("name", "note") if (value := getattr(body, name)) is not None}
    if words:
        Pair.objects.filter(pk=pair.pk).update(**words)
        pair.name, pair.note = words.get("name", pair.name), words.get("note", pair.note)


def _conflict(error: Exception) -> RefusedError:
    what, _, mend = str(error).partition(". ")
    return RefusedError(409, f"{what.rstrip('.')}.", "pairs", mend or "GET /api/v1/pairs shows your list.")
