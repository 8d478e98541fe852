"""Add, change and remove pairs: plain forms, a redirect after each success."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from analytics.forms import AddPairForm, PairSettingsForm
from analytics.models import Pair
from analytics.pairs import PairRefusedError, active_instruments, add_pair, change_spec, remove_pair
from analytics.views.dashboard import show_dashboard
from market.errors import QuotaExceeded

REFUSED = 422


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = AddPairForm(request.POST, instruments=active_instruments())
    if form.is_valid():
        try:
            pair = add_pair(request.user, form.legs.y, form.legs.x)
        except (PairRefusedError, QuotaExceeded) as error:
            form.add_error(None, str(error))
        else:
            return redirect(_address(pair))
    return show_dashboard(request, add_form=form, status=REFUSED)


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pair_id: int) -> HttpResponse:
    pair = _own(request, pair_id)
    if request.method == "GET":
        return redirect(_address(pair))
    form = PairSettingsForm(request.POST)
    if form.is_valid():
        try:
            change_spec(pair, form.choice)
        except PairRefusedError as error:
            form.add_error(None, str(error))
        else:
            return redirect(_address(pair))
    return show_dashboard(request, chosen=pair.pk, settings_form=form, status=REFUSED)


@login_required
@require_POST
def remove(request: HttpRequest, pair_id: int) -> HttpResponse:
    pair = _own(request, pair_id)
    remove_pair(pair)
    messages.success(request, f"{pair.spec.y.symbol} on {pair.spec.x.symbol} is off your list.")
    return redirect("dashboard")


def _own(request: HttpRequest, pair_id: int) -> Pair:
    return get_object_or_404(Pair.objects.owned_by(request.user).select_related("spec__y", "spec__x"), pk=pair_id)


def _address(pair: Pair) -> str:
    return f"{reverse('dashboard')}?pair={pair.pk}"
