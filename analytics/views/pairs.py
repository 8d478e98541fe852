"""Add, change, keep and remove pairs, and write notes on them: plain forms, a redirect after each success."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST

from analytics.access import pair_to_change
from analytics.choices import Choice
from analytics.forms import AddPairForm, LinkForm, NoteForm, PairSettingsForm
from analytics.leases import open_pair
from analytics.links import address_of, read_link
from analytics.models import Pair
from analytics.pairs import (
    PairRefusedError,
    active_instruments,
    add_pair,
    change_spec,
    keep_pair,
    legs_named,
    remove_pair,
)
from analytics.views.dashboard import show_dashboard
from analytics.views.live import own_user
from market.errors import QuotaExceeded

REFUSED = 422


@login_required
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    form = AddPairForm(request.POST, instruments=active_instruments())
    if form.is_valid():
        try:
            pair = add_pair(own_user(request), form.legs.y, form.legs.x)
        except (PairRefusedError, QuotaExceeded) as error:
            form.add_error(None, str(error))
        else:
            return redirect(_address(pair))
    return show_dashboard(request, add_form=form, status=REFUSED)


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Change what the list holds of a pair."""
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
    return show_dashboard(request, chosen=pair.pk, settings_form=LinkForm.of_posted(request.POST), status=REFUSED)


@login_required
@require_POST
def open_(request: HttpRequest) -> HttpResponse:
    """Follow a pair with the settings of a page's address, as long as somebody looks at it. Answers with its topic."""
    try:
        pair = _asked(request)
    except (PairRefusedError, QuotaExceeded) as error:
        return JsonResponse({"what": str(error)}, status=REFUSED)
    return JsonResponse({"topic": pair.spec.topic, "pair": pair.pk})


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Put a pair with the settings of a page's address on the list."""
    try:
        kept = keep_pair(_asked(request))
    except (PairRefusedError, QuotaExceeded) as error:
        messages.error(request, str(error))
        return redirect("dashboard")
    messages.success(request, f"{_name(kept)} is on your list with these settings.")
    return redirect(_address(kept))


@login_required
@require_POST
def remove(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Its address stays good: the message leads back to it."""
    pair = _own(request, pair_id)
    address = address_of(pair.spec)
    remove_pair(pair)
    messages.success(request, format_html('{} is off your list. <a href="{}">Open it again</a>', _name(pair), address))
    return redirect("dashboard")


@login_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, pair_id: int) -> HttpResponse:
    """What the user writes about a pair."""
    pair = _own(request, pair_id)
    if request.method == "POST":
        form = NoteForm(request.POST)
        if form.is_valid():
            Pair.objects.owned_by(request.user).filter(pk=pair.pk).update(note=form.cleaned_data["note"])
            messages.success(request, "Your notes are saved.")
        else:
            messages.error(request, " ".join(form.errors.as_data()["note"][0].messages))
    return redirect(address_of(pair.spec).replace("?", "notes/?", 1))


def _asked(request: HttpRequest) -> Pair:
    """The pair that the posted name and parameters mean; 404 for legs that the venue does not trade."""
    name = request.POST.get("pair", "")
    legs = legs_named(name)
    if legs is None:
        raise Http404("No such pair is traded here.")
    return open_pair(own_user(request), legs, read_link(request.POST.dict(), Choice.default(), "UTC").choice)


def _own(request: HttpRequest, pair_id: int) -> Pair:
    return pair_to_change(own_user(request), pair_id)


def _name(pair: Pair) -> str:
    return f"{pair.spec.y.symbol} on {pair.spec.x.symbol}"


def _address(pair: Pair) -> str:
    return f"{reverse('dashboard')}?pair={pair.pk}"
