"""Raw records of the market. Ticks, bars and states are derived or recorded, so nothing here edits them by hand."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from accounts.audit import by
from accounts.confirming import ask_first
from accounts.reading import ReadOnlyAdmin
from market import desk
from market.models import (
    ConnectionState,
    FundingState,
    Gap,
    IngestBatch,
    Instrument,
    QuarantineCount,
    QuarantinedFrame,
    SymbolDemand,
    SymbolState,
)


class ReasonForm(forms.Form):
    """Why a symbol is blocked."""

    reason = forms.CharField(max_length=200, help_text="Users read it where they look for the symbol.")


class HoursForm(forms.Form):
    """How much of the record is computed anew."""

    hours = forms.IntegerField(min_value=1, max_value=desk.MOST_HOURS, initial=1)


@admin.register(Instrument)
class InstrumentAdmin(ReadOnlyAdmin):
    list_display = ("symbol", "venue", "status", "wanted_by", "is_blocked", "blocked_reason")
    list_filter = ("is_blocked", "venue", "status", "contract_type")
    search_fields = ("symbol", "base_asset")
    actions = ("block", "unblock", "rerun_bars")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        found: QuerySet[Instrument] = super().get_queryset(request)
        return found.annotate(wanted=Count("demands"))

    @admin.display(description="wanted by", ordering="wanted")
    def wanted_by(self, instrument: Any) -> int:
        return int(instrument.wanted)

    def has_desk_permission(self, request: HttpRequest) -> bool:
        """Rows are read-only, so the right to change them is asked for by name."""
        return bool(request.user.has_perm("market.change_instrument"))

    @admin.action(description="Block symbols", permissions=["desk"])
    def block(self, request: HttpRequest, rows: QuerySet[Instrument]) -> TemplateResponse | None:
        return ask_first(
            self,
            request,
            rows,
            title="Block symbols",
            effects=lambda asked: desk.effects_of_blocking(_plain(rows)),
            deed=lambda asked: f"Blocked: {len(desk.block(_plain(rows), asked['reason'], by(request)))}.",
            form_class=ReasonForm,
        )

    @admin.action(description="Unblock symbols", permissions=["desk"])
    def unblock(self, request: HttpRequest, rows: QuerySet[Instrument]) -> TemplateResponse | None:
        return ask_first(
            self,
            request,
            rows,
            title="Unblock symbols",
            effects=lambda asked: desk.effects_of_unblocking(_plain(rows)),
            deed=lambda asked: f"Unblocked: {len(desk.unblock(_plain(rows), by(request)))}.",
        )

    @admin.action(description="Compute bars anew", permissions=["desk"])
    def rerun_bars(self, request: HttpRequest, rows: QuerySet[Instrument]) -> TemplateResponse | None:
        return ask_first(
            self,
            request,
            rows,
            title="Compute bars anew",
            effects=lambda asked: desk.effects_of_rerun(_plain(rows), asked.get("hours", 1)),
            deed=lambda asked: _rerun(request, _plain(rows), asked["hours"]),
            form_class=HoursForm,
        )


@admin.register(Gap)
class GapAdmin(ReadOnlyAdmin):
    list_display = ("instrument", "state", "cause", "missing", "filled_rows", "tries", "opened_at", "last_error")
    list_filter = ("state", "cause", "opened_at")
    search_fields = ("instrument__symbol",)
    list_select_related = ("instrument",)
    actions = ("refill",)

    @admin.display(description="trades")
    def missing(self, gap: Gap) -> int:
        return gap.last_id - gap.first_id + 1

    def has_desk_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("market.change_gap"))

    @admin.action(description="Ask the exchange again", permissions=["desk"])
    def refill(self, request: HttpRequest, rows: QuerySet[Gap]) -> TemplateResponse | None:
        gaps = Gap.objects.filter(pk__in=[gap.pk for gap in rows])
        return ask_first(
            self,
            request,
            rows,
            title="Ask the exchange again",
            effects=lambda asked: desk.effects_of_refill(gaps),
            deed=lambda asked: f"Asked for again: {len(desk.refill(gaps, by(request)))} gaps.",
        )


@admin.register(SymbolDemand)
class SymbolDemandAdmin(ReadOnlyAdmin):
    list_display = ("instrument", "holder", "created_at")
    search_fields = ("instrument__symbol", "holder")
    list_select_related = ("instrument",)


@admin.register(SymbolState)
class SymbolStateAdmin(ReadOnlyAdmin):
    list_display = ("instrument", "state", "reason", "changed_at", "last_price", "lag_ms")
    list_filter = ("state",)
    search_fields = ("instrument__symbol",)
    list_select_related = ("instrument",)


@admin.register(ConnectionState)
class ConnectionStateAdmin(ReadOnlyAdmin):
    list_display = ("name", "venue", "state", "reason", "changed_at", "last_frame_at", "reconnects")
    list_filter = ("state", "venue")


@admin.register(IngestBatch)
class IngestBatchAdmin(ReadOnlyAdmin):
    list_display = ("id", "venue", "committed_at", "watermark_ms")
    list_filter = ("venue",)
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(FundingState)
class FundingStateAdmin(ReadOnlyAdmin):
    list_display = ("instrument", "rate", "interval_hours", "next_at", "told_at")
    search_fields = ("instrument__symbol",)
    list_select_related = ("instrument",)


@admin.register(QuarantinedFrame)
class QuarantinedFrameAdmin(ReadOnlyAdmin):
    list_display = ("received_at", "venue", "reason", "detail")
    list_filter = ("venue", "reason")
    search_fields = ("detail", "text")


@admin.register(QuarantineCount)
class QuarantineCountAdmin(ReadOnlyAdmin):
    list_display = ("venue", "reason", "frames")
    list_filter = ("venue",)


def _plain(rows: QuerySet[Instrument]) -> QuerySet[Instrument]:
    """Without the counts of the list, so that rows can be locked."""
    return Instrument.objects.filter(pk__in=[row.pk for row in rows])


def _rerun(request: HttpRequest, instruments: QuerySet[Instrument], hours: int) -> str:
    with transaction.atomic():
        reruns = [desk.rerun_of(instrument, hours) for instrument in instruments]
        for rerun in reruns:
            desk.rerun_bars(rerun, by(request))
    return f"{sum(rerun.trades for rerun in reruns):,} trades go to the bar workers again."
