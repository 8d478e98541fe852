"""The audit log: filters, pages, and a file of what the filters leave."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import AuditEntry
from livepairs.staff.gate import staff_only

ROWS = 50
COLUMNS = ("at", "actor", "actor_id", "action", "subject", "before", "after", "address", "agent")
_UTC = ZoneInfo("UTC")
#: a spreadsheet takes what begins so for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@staff_only
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    filters = _filters(request)
    page = Paginator(_found(filters), ROWS).get_page(request.GET.get("page"))
    actions = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    return render(request, "staff/audit.html", {"page": page, "filters": filters, "actions": actions})


@staff_only
@require_GET
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows = _found(_filters(request)).values_list(*COLUMNS).iterator(chunk_size=1_000)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    response["Cache-Control"] = "no-store, private"
    return response


def _filters(request: HttpRequest) -> dict[str, str]:
    """Texts that the database cannot hold are no filter."""
    named = {name: request.GET.get(name, "").strip() for name in ("who", "what", "action", "since", "until")}
    return {name: text if text.isprintable() else "" for name, text in named.items()}


def _found(filters: dict[str, str]) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.all()
    if filters["who"]:
        found = found.filter(Q(actor__icontains=filters["who"]) | Q(address__icontains=filters["who"]))
    if filters["what"]:
        found = found.filter(subject__icontains=filters["what"])
    if filters["action"]:
        found = found.filter(action=filters["action"])
    since, until = (_day(filters[name]) for name in ("since", "until"))
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until + timedelta(days=1))
    return found


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day, time(), _UTC) if 1970 <= day.year < 2100 else None


class _Line:
    """What csv writes a line to: gives it back."""

    def write(self, text: str) -> str:
        return text


def _lines(rows: Any) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(_UTC).isoformat().replace("+00:00", "Z")
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
