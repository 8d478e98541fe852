"""The front page, and how a visitor likes the pages."""

from http import HTTPStatus

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from accounts import logins
from accounts.forms import PlaceForm
from accounts.models import Density, NotificationPlace, Palette, StartPage, Theme, User
from accounts.preferences import PreferencesForm, keep_theme


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        return redirect(request.user.start_page)
    return render(request, "home.html")


@login_required
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    return _show_settings(request)


@csrf_exempt
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Visitors need no CSRF cookie to see a dark page; an account is changed with a token only."""
    return _change_own(request) if request.user.is_authenticated else _change_theme(request)


@csrf_protect
def _change_own(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = PreferencesForm(request.POST.dict(), request.user)
    if not form.is_valid():
        request.user.refresh_from_db()
        return _refused(request, form)
    form.store()
    if request.accepts("text/html"):
        response = _back(request, "settings")
        if "section" in request.POST:
            messages.success(request, "Saved.")
    else:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    keep_theme(request, response, request.POST.get("theme", ""))
    return response


def _change_theme(request: HttpRequest) -> HttpResponse:
    response = _back(request, "home")
    keep_theme(request, response, request.POST.get("theme", ""))
    return response


def _refused(request: HttpRequest, form: PreferencesForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if request.accepts("text/html"):
        return _show_settings(request, form, status)
    return JsonResponse({"errors": form.errors}, status=status)


def _show_settings(request: HttpRequest, form: PreferencesForm | None = None, status: int = 200) -> HttpResponse:
    assert isinstance(request.user, User)
    context = {
        "form": form,
        "themes": Theme.choices,
        "densities": Density.choices,
        "palettes": Palette.choices,
        "start_pages": StartPage.choices,
        "logins": logins.open_logins(request.user, request.session.session_key),
        "place_form": PlaceForm(request.user),
        "places": NotificationPlace.objects.owned_by(request.user),
        "has_second_factor": is_mfa_enabled(request.user),
    }
    return render(request, "shell/settings.html", context, status=status)


def _back(request: HttpRequest, otherwise: str) -> HttpResponse:
    """To the page the form stood on, if that is one of this site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = resolve_url(otherwise)
    return HttpResponseRedirect(target)
