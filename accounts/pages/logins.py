"""The list of one's logins."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import logins
from accounts.models import User


@login_required
@require_GET
def show_logins(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    found = logins.open_logins(request.user, request.session.session_key)
    return render(request, "accounts/logins.html", {"logins": found})


@login_required
@require_POST
def end_login(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    if not logins.end_login(request.user, pk):
        raise Http404("This login is not there, or has ended.")
    messages.success(request, "That login has ended.")
    return redirect("logins")


@login_required
@require_POST
def end_other_logins(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    ended = logins.end_other_logins(request.user, request.session.session_key)
    messages.success(request, f"{ended} other {'login has' if ended == 1 else 'logins have'} ended.")
    return redirect("logins")
