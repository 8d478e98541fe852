"""Saved views: named addresses of pairs."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from accounts.models import User
from analytics.access import view_to_change
from analytics.forms import SavedViewForm
from analytics.models import SavedView
from analytics.views.live import own_user

MOST_VIEWS = 100


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep an address under a name; the same name again is a new address for it."""
    form = SavedViewForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, " ".join(text for errors in form.errors.as_data().values() for text in errors[0].messages)
        )
        return redirect("dashboard")
    name, address = form.cleaned_data["name"], form.cleaned_data["address"]
    if _save(own_user(request), name, address):
        messages.success(request, f"Saved as “{name}”.")
    else:
        messages.error(request, f"You have {MOST_VIEWS} saved views, the limit. Delete one first.")
    return redirect(address)


@login_required
@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    view = view_to_change(own_user(request), view_id)
    view.delete()
    messages.success(
        request, format_html('Deleted the view “{}”. <a href="{}">Open it again</a>', view.name, view.address)
    )
    return redirect("dashboard")


def _save(user: User, name: str, address: str) -> bool:
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        own = SavedView.objects.owned_by(user)
        if not own.filter(name=name).exists() and own.count() >= MOST_VIEWS:
            return False
        try:
            SavedView.objects.update_or_create(owner=user, name=name, defaults={"address": address})
        except IntegrityError:  # pragma: no cover - the lock above excludes it
            return False
    return True
