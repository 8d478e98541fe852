"""Adding, confirming and removing places for notifications."""

from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts import places
from accounts.forms import PlaceForm
from accounts.models import NotificationPlace, User


@login_required
@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = PlaceForm(request.user, request.POST)
    if NotificationPlace.objects.owned_by(request.user).count() >= places.MOST:
        messages.error(request, f"You have {places.MOST} places, which is the most. Remove one first.")
    elif not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif not ratelimit.consume(request, app="allauth.account", action="add_place", user=request.user):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    else:
        place = form.save()
        link = request.build_absolute_uri(reverse("confirm_place", args=[places.sign(place)]))
        places.ask_to_confirm(place, link)
        messages.success(request, f"A mail is on its way to {place.address}. Open its link to confirm the address.")
    return redirect(f"{resolve_url('settings')}#notifications")


@login_required
@require_http_methods(["GET", "POST"])
def confirm_place(request: HttpRequest, signed: str) -> HttpResponse:
    """The link asks before it acts: programs that read mails open links too."""
    assert isinstance(request.user, User)
    place = places.signed_place(request.user, signed)
    if place is None:
        raise Http404("This link is not yours, or too old. Remove the address in the settings and add it again.")
    if request.method == "GET":
        return render(request, "accounts/confirm_place.html", {"place": place})
    places.confirm(place)
    messages.success(request, f"{place.address} is confirmed.")
    return redirect(f"{resolve_url('settings')}#notifications")


@login_required
@require_POST
def remove_place(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    place = get_object_or_404(NotificationPlace.objects.owned_by(request.user), pk=pk)
    place.delete()
    messages.success(request, f"{place.address} is removed.")
    return redirect(f"{resolve_url('settings')}#notifications")
