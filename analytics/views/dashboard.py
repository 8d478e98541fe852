"""The dashboard: the user's list of pairs, and one of them live."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.quotas import pair_quota
from analytics.forms import AddPairForm, LinkForm
from analytics.models import Pair
from analytics.pairs import Legs, active_instruments, suggested_legs
from analytics.views.live import live_context, open_link, own_user
from market.core.types import Timeframe


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    return show_dashboard(request, chosen=request.GET.get("pair"))


def show_dashboard(
    request: HttpRequest,
    *,
    chosen: str | int | None = None,
    add_form: AddPairForm | None = None,
    settings_form: LinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with forms as the user left them when one was refused."""
    pairs = list(Pair.objects.owned_by(request.user).listed().select_related("spec__y", "spec__x"))
    pair = _choose(pairs, chosen)
    context = list_context(request, pairs, add_form)
    if pair is None:
        context |= {"pair": None, "suggestions": suggested_legs(context["instruments"])}
    else:
        context |= live_context(request, open_link(request, Legs(pair.spec.y, pair.spec.x), pair), settings_form)
    return render(request, "analytics/dashboard.html", context, status=status)


def list_context(request: HttpRequest, pairs: list[Pair], add_form: AddPairForm | None = None) -> dict[str, Any]:
    """The watch list and the form that adds to it."""
    instruments = active_instruments()
    rows = [
        {"id": pair.pk, "topic": f"watch.{pair.spec_id}", "step": Timeframe(pair.spec.timeframe).ms} for pair in pairs
    ]
    return {
        "pairs": pairs,
        "watch_rows": rows,
        "is_list_closed": request.COOKIES.get("watchlist") == "closed",
        "quota": pair_quota(own_user(request)),
        "instruments": instruments,
        "add_form": add_form or AddPairForm(instruments=instruments),
    }


def _choose(pairs: list[Pair], chosen: str | int | None) -> Pair | None:
    if not chosen:
        return pairs[0] if pairs else None
    for pair in pairs:
        if str(pair.pk) == str(chosen):
            return pair
    raise Http404("There is no such pair on your list.")
