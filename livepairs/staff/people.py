"""Users: search, role, lock, limits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.audit import by
from accounts.models import QuotaOverride, User
from accounts.people import ROLES, effects_of_locking, lock, role_of, set_quota, set_role, unlock
from accounts.quotas import QUOTAS, default_of, quotas_of
from livepairs.staff.gate import staff_only, staff_user

ROWS = 50
MOST = 2**62


class QuotasForm(forms.Form):
    """A field for each limit; empty is the default."""

    def __init__(self, user: User, data: Any = None) -> None:
        own = dict(QuotaOverride.objects.filter(user=user).values_list("name", "most"))
        super().__init__(data, initial=own)
        for quota in QUOTAS.values():
            self.fields[quota.name] = forms.IntegerField(
                label=quota.title,
                required=False,
                min_value=0,
                max_value=MOST,
                help_text=f"{quota.help}; empty: {default_of(quota.name):,}",
            )


@staff_only
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found = User.objects.annotate(pairs_held=Count("pairs", filter=Q(pairs__on_list=True))).order_by("username")
    if query and query.isprintable():
        found = found.filter(Q(username__icontains=query) | Q(email__icontains=query))
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [(user, role_of(user)) for user in page]
    return render(request, "staff/users.html", {"rows": rows, "page": page, "query": query})


@staff_only
@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    form = QuotasForm(person)
    status = 200
    if request.method == "POST":
        if request.POST.get("action") == "quotas":
            form = QuotasForm(person, request.POST)
            if form.is_valid():
                for name, most in form.cleaned_data.items():
                    set_quota(person, name, most, by(request))
                messages.success(request, f"The limits of {person.username} are stored.")
                return redirect("staff_user", person.pk)
            status = 422
        else:
            messages.success(request, _act(request, person))
            return redirect("staff_user", person.pk)
    held = quotas_of(person)
    context = {
        "person": person,
        "role": role_of(person),
        "roles": ROLES,
        "form": form,
        "effects": effects_of_locking([person]),
        "quotas": [(quota, held[quota.name]) for quota in QUOTAS.values()],
    }
    return render(request, "staff/user.html", context, status=status)


def _act(request: HttpRequest, person: User) -> str:
    """PermissionDenied, with its reason, for what this member of staff may not do."""
    actor, action = staff_user(request), request.POST.get("action")
    if action == "lock":
        lock([person], actor, by(request))
        return f"{person.username} is locked."
    if action == "unlock":
        unlock([person], actor, by(request))
        return f"{person.username} may log in again."
    if action == "role" and request.POST.get("role") in ROLES:
        set_role(person, request.POST["role"], actor, by(request))
        return f"{person.username} is now {request.POST['role']}."
    raise PermissionDenied("There is no such action.")
