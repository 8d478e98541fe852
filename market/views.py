"""Health of the feed for people and machines, and the switch that staff have."""

import time

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from market.models import ConnectionState, FeedControl, Gap, QuarantineCount, SymbolState
from market.readiness import readiness

#: worst first
ORDER = ["blocked", "silent", "gap", "connecting", "halted", "back-filling", "paused", "live"]


@login_required
@require_GET
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The whole page, or with ?part=state only what changes."""
    symbols = SymbolState.objects.select_related("instrument").annotate(
        open_gaps=Count("instrument__gaps", filter=~Q(instrument__gaps__state=Gap.State.FILLED))
    )
    context = {
        "now_ms": int(time.time() * 1000),
        "connections": sorted(ConnectionState.objects.all(), key=lambda row: (ORDER.index(row.state), row.name)),
        "symbols": sorted(symbols, key=lambda row: (ORDER.index(row.state), row.instrument.symbol)),
        "refused": QuarantineCount.objects.order_by("-frames"),
    }
    template = "market/_state.html" if request.GET.get("part") == "state" else "market/health.html"
    return render(request, template, context)


@login_required
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause or resume the feed; staff only, with the name of who did it."""
    if not request.user.is_staff:
        raise PermissionDenied("Only staff may pause the feed.")
    is_paused = request.POST.get("action") == "pause"
    FeedControl.objects.update_or_create(
        id=1, defaults={"is_paused": is_paused, "paused_by": request.user.get_username() if is_paused else ""}
    )
    messages.success(request, "The feed is paused." if is_paused else "The feed goes on.")
    return redirect("health")


@require_GET
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_GET
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """This installation can serve: 200, else 503, with the numbers behind it."""
    state = readiness()
    return JsonResponse(state.as_dict(), status=200 if state.is_ready else 503)
