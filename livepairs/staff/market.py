"""Symbols and the feed: block and unblock, how back-filling stands, ask for gaps again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.audit import by
from livepairs.staff.gate import staff_only
from market import desk
from market.admin import ReasonForm
from market.feed import feed_data
from market.models import Gap, Instrument

ROWS = 50


@staff_only
@require_GET
def symbols(request: HttpRequest) -> HttpResponse:
    """Wanted ones first."""
    query = request.GET.get("q", "").strip()
    found = Instrument.objects.select_related("state").annotate(wanted=Count("demands"))
    if query and query.isprintable():
        found = found.filter(symbol__icontains=query)
    if request.GET.get("show") == "blocked":
        found = found.filter(is_blocked=True)
    page = Paginator(found.order_by("-wanted", "symbol", "id"), ROWS).get_page(request.GET.get("page"))
    return render(request, "staff/symbols.html", {"page": page, "query": query, "show": request.GET.get("show", "")})


@staff_only
@require_http_methods(["GET", "POST"])
def symbol(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """What blocking or unblocking would do, and the deed."""
    instrument = get_object_or_404(Instrument, pk=instrument_id)
    rows = Instrument.objects.filter(pk=instrument.pk)
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        if instrument.is_blocked:
            desk.unblock(rows, by(request))
            messages.success(request, f"{instrument.symbol} may be chosen again.")
            return redirect("staff_symbol", instrument.pk)
        if form.is_valid():
            desk.block(rows, form.cleaned_data["reason"], by(request))
            messages.success(request, f"{instrument.symbol} is blocked.")
            return redirect("staff_symbol", instrument.pk)
        status = 422
    effects = desk.effects_of_unblocking(rows) if instrument.is_blocked else desk.effects_of_blocking(rows)
    return render(
        request, "staff/symbol.html", {"instrument": instrument, "form": form, "effects": effects}, status=status
    )


@staff_only
@require_http_methods(["GET", "POST"])
@never_cache
def feed(request: HttpRequest) -> HttpResponse:
    """Connections, and each gap that is not filled with how far it is. POST asks for those given up again."""
    given_up = Gap.objects.filter(state__in=(Gap.State.LOST, Gap.State.WAITING_FOR_DUMP))
    if request.method == "POST":
        asked = desk.refill(given_up, by(request))
        messages.success(request, f"{len(asked):,} gaps are asked for again.")
        return redirect("staff_feed")
    missing = F("last_id") - F("first_id") + 1
    open_gaps = Gap.objects.unfilled().select_related("instrument").annotate(missing=missing)
    context = {
        "connections": feed_data()[1]["connections"],
        "gaps": open_gaps.order_by("-id")[:ROWS],
        "sums": open_gaps.aggregate(gaps=Count("id"), trades=Sum("missing"), filled=Sum("filled_rows")),
        "given_up": given_up.count(),
        "effects": desk.effects_of_refill(given_up),
    }
    return render(request, "staff/feed.html", context)
