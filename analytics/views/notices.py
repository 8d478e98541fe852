"""The list behind the bell, as a page and as a part of every page."""

from datetime import UTC, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from analytics.notices import mark_seen, notices_of

_LATEST_MS = 4_102_444_800_000  # 2100


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """The page, with ?part=list the list alone; POST says that all up to `until` (epoch ms) were seen."""
    assert isinstance(request.user, User)
    if request.method == "POST":
        mark_seen(request.user, _moment(request.POST.get("until", "")))
        return redirect("notices") if request.accepts("text/html") else HttpResponse(status=204)
    context = {"notices": notices_of(request.user), "now_ms": int(timezone.now().timestamp() * 1_000)}
    template = "shell/_notices.html" if request.GET.get("part") == "list" else "shell/notices.html"
    return render(request, template, context)


def _moment(text: str) -> datetime:
    ms = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0
    return datetime.fromtimestamp(min(ms, _LATEST_MS) / 1_000, UTC) if ms else timezone.now()
