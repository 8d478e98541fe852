"""The front page and the theme button."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from accounts.themes import keep_theme


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("dashboard")
    return render(request, "home.html")


@csrf_exempt
@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Visitors need no CSRF cookie to see a dark page; an account is changed with a token only."""
    return _change_own_theme(request) if request.user.is_authenticated else _change_theme(request)


def _change_theme(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    keep_theme(request, response, request.POST.get("theme", ""))
    return response


_change_own_theme = csrf_protect(_change_theme)
