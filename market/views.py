"""Health of the feed for people and machines, and the switch that staff have."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.audit import by, record
from market.feed import feed_data
from market.models import FeedControl, QuarantineCount
from market.readiness import readiness

#: worst first
ORDER = ["blocked", "silent", "gap", "connecting", "halted", "back-filling", "paused", "live"]


@login_required
@require_GET
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The whole page, or with ?part=state only what changes."""
    _, feed = feed_data()
    context = {
        "now_ms": int(time.time() * 1000),
        "connections": sorted(feed["connections"], key=_worst_first),
        "symbols": sorted(feed["symbols"], key=_worst_first),
        "refused": QuarantineCount.objects.order_by("-frames"),
    }
    template = "market/_state.html" if request.GET.get("part") == "state" else "market/health.html"
    return render(request, template, context)


def _worst_first(row: dict[str, Any]) -> tuple[int, str]:
    return ORDER.index(row["state"]), row["name"]


@login_required
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Pause or resume the feed; staff only, with the name of who did it."""
    if not request.user.is_staff:
        raise PermissionDenied("Only staff may pause the feed.")
    is_paused = request.POST.get("action") == "pause"
    with transaction.atomic():
        before = FeedControl.objects.filter(id=1, is_paused=True).exists()
        FeedControl.objects.update_or_create(
            id=1, defaults={"is_paused": is_paused, "paused_by": request.user.get_username() if is_paused else ""}
        )
        action = "feed paused" if is_paused else "feed resumed"
        record(by(request), action, subject="feed", before={"is_paused": before}, after={"is_paused": is_paused})
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
