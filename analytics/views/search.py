"""The search as a page: for those without scripts, and behind the field of error pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from analytics.search import LONGEST, find


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    text = request.GET.get("q", "")[:LONGEST]
    return render(request, "shell/search.html", {"query": text, "results": find(request.user, text)})
