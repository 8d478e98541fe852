"""The page of one's tokens: list, make, revoke."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts import rates
from accounts.models import ApiToken, User
from accounts.quotas import token_quota
from accounts.tokens.forms import TokenForm
from accounts.tokens.use import NewToken, TokenQuotaError, make_token

REFUSED = 422


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; after a POST also the new secret, this one time."""
    if request.method == "GET":
        return _show(request, TokenForm())
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=REFUSED)
    typed = form.cleaned_data
    try:
        made = make_token(_user(request), typed["name"], typed["scopes"], typed["days"])
    except TokenQuotaError as error:
        form.add_error(None, str(error))
        return _show(request, form, status=REFUSED)
    return _show(request, TokenForm(), made=made)


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Asks first; the dialog of the list does without this page."""
    token = get_object_or_404(ApiToken.objects.owned_by(request.user).kept(), pk=token_id)
    if request.method == "GET":
        return render(request, "tokens/revoke.html", {"token": token})
    token.revoke()
    messages.success(request, f"The token “{token.name}” is revoked. Programs that used it get no answer any more.")
    return redirect("tokens")


def _show(request: HttpRequest, form: TokenForm, *, made: NewToken | None = None, status: int = 200) -> HttpResponse:
    kept = list(ApiToken.objects.owned_by(request.user).kept())
    standing = rates.standing([rates.of_token(token.pk) for token in kept])
    context: dict[str, Any] = {
        "form": form,
        "made": made,
        "rows": list(zip(kept, standing, strict=True)),
        "used": sum(not token.is_expired for token in kept),
        "quota": token_quota(_user(request)),
        "rate": settings.API_RATE,
        "host": request.get_host(),
        "address": f"{request.scheme}://{request.get_host()}",
        "socket": f"{'wss' if request.is_secure() else 'ws'}://{request.get_host()}/ws/live/",
        "secret": made.secret if made else "lp_…",
    }
    response = render(request, "tokens/tokens.html", context, status=status)
    # A token must not come back with the "back" button
    response["Cache-Control"] = "no-store, private"
    return response


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
