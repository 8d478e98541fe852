"""Download of all own data, and the end of an account. Both ask for the password again."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts import own_data, removal
from accounts.models import User


@login_required
@require_POST
@reauthentication_required
def download(request: HttpRequest) -> HttpResponseBase:
    assert isinstance(request.user, User)
    name = f"livepairs-{timezone.now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(own_data.archive(request.user), content_type="application/zip", headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
@reauthentication_required
def remove(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    is_last_admin = removal.is_last_admin(user)
    if request.method == "GET" or is_last_admin:
        context = {"days": removal.DELAY.days, "is_last_admin": is_last_admin}
        return render(request, "accounts/remove.html", context)
    removal.ask_for_removal(user)
    messages.warning(request, "Your account will be removed. Until then you can undo that here.")
    return redirect("settings")


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    removal.undo_removal(request.user)
    messages.success(request, "Your account stays.")
    return redirect("settings")
