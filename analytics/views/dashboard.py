"""The dashboard: one pair of the user's list, live."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.quotas import pair_quota
from analytics.choices import columns_of
from analytics.core.described import shown
from analytics.core.hedges import method_named, methods
from analytics.core.windows import Windows
from analytics.forms import AddPairForm, PairSettingsForm
from analytics.models import Pair, PairSpec
from analytics.pairs import active_instruments, suggested_legs
from analytics.views.places import check_metrics, fit_metrics, table_groups
from market.core.types import Timeframe
from market.models import Instrument


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    return show_dashboard(request, chosen=request.GET.get("pair"))


def show_dashboard(
    request: HttpRequest,
    *,
    chosen: str | int | None = None,
    add_form: AddPairForm | None = None,
    settings_form: PairSettingsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with forms as the user left them when one was refused."""
    user = request.user
    assert isinstance(user, User)
    pairs = list(Pair.objects.owned_by(user).select_related("spec__y", "spec__x"))
    pair = _choose(pairs, chosen)
    instruments = active_instruments()
    context: dict[str, Any] = {
        "pairs": pairs,
        "pair": pair,
        "quota": pair_quota(user),
        "instruments": instruments,
        "add_form": add_form or AddPairForm(instruments=instruments),
    }
    if pair is None:
        context["suggestions"] = suggested_legs(instruments)
    else:
        context |= {
            "spec": pair.spec,
            "timeframe": Timeframe(pair.spec.timeframe),
            "hedge": method_named(pair.spec.hedge),
            "fit_metrics": fit_metrics(pair.spec.hedge),
            "check_metrics": check_metrics(),
            "table_groups": table_groups(),
            "settings_form": settings_form or PairSettingsForm.of(pair.spec),
            "page_data": page_data(pair.spec, zone=user.time_zone),
        }
    return render(request, "analytics/dashboard.html", context, status=status)


def page_data(spec: PairSpec, *, zone: str) -> dict[str, Any]:
    """What the modules of the page must know before the first frame."""
    timeframe = Timeframe(spec.timeframe)
    return {
        "topic": spec.topic,
        "step": timeframe.ms,
        "timeframe": timeframe.label,
        "prices": spec.prices,
        "zone": zone,
        "y": _leg(spec.y),
        "x": _leg(spec.x),
        "hedge": spec.hedge,
        "hedges": {name: {"title": method_named(name).title, "live": method_named(name).live} for name in methods()},
        "metrics": shown(),
        "method": reverse("method"),
        "windows": {label.label: columns_of(Windows.default(label)) for label in Timeframe},
    }


def _leg(instrument: Instrument) -> dict[str, str | None]:
    tick = instrument.tick_size
    return {
        "symbol": instrument.symbol,
        "topic": f"price.{instrument}",
        "tick": None if tick is None else format(tick.normalize(), "f"),
    }


def _choose(pairs: list[Pair], chosen: str | int | None) -> Pair | None:
    if not chosen:
        return pairs[0] if pairs else None
    for pair in pairs:
        if str(pair.pk) == str(chosen):
            return pair
    raise Http404("There is no such pair on your list.")
