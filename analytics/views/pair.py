"""A pair's own page: live, its history, its tests, its notes. The address holds what is computed and how it is seen."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from analytics.models import Pair
from analytics.pairs import Legs, legs_named
from analytics.views.cointegration import cointegration_context
from analytics.views.history import history_context
from analytics.views.live import Opened, live_context, open_link
from analytics.views.share_tab import share_context

TABS = ("live", "history", "cointegration", "notes", "share")


@login_required
@require_GET
def pair(request: HttpRequest, name: str, tab: str = "live") -> HttpResponse:
    """One tab of the page; 404 for legs that the venue does not trade."""
    if tab not in TABS:
        raise Http404("A pair has no such page.")
    legs = legs_named(name)
    if legs is None:
        raise Http404(f"No pair {name} is traded here.")
    if name != f"{legs.y.symbol}~{legs.x.symbol}":
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return redirect(request.path.replace(name, f"{legs.y.symbol}~{legs.x.symbol}", 1) + query)
    return show_pair(request, legs, tab)


def show_pair(request: HttpRequest, legs: Legs, tab: str, **more: Any) -> HttpResponse:
    own = list(Pair.objects.owned_by(request.user).listed().select_related("spec__y", "spec__x"))
    listed = next((each for each in own if (each.spec.y_id, each.spec.x_id) == (legs.y.pk, legs.x.pk)), None)
    opened = open_link(request, legs, listed)
    context = live_context(request, opened) | {"pairs": own, "tab": tab, "tabs": _tabs(opened, request)}
    context |= _of_tab(tab, opened) | more
    return render(request, "analytics/pair.html", context)


def _of_tab(tab: str, opened: Opened) -> dict[str, Any]:
    if tab == "share":
        return share_context(opened)
    if tab == "history":
        return history_context(opened) if opened.pair else {}
    return cointegration_context(opened) if tab == "cointegration" and opened.pair else {}


def _tabs(opened: Opened, request: HttpRequest) -> list[dict[str, str]]:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    parts = {name: "" if name == "live" else f"{name}/" for name in TABS}
    return [{"name": name, "title": name.capitalize(), "part": part, "query": query} for name, part in parts.items()]
