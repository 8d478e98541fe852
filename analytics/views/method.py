"""How the numbers are made: every definition with its formula and source, from the registry."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from analytics.core.concepts import CONCEPTS
from analytics.core.hedges import method_named, methods
from analytics.core.metrics import metrics
from analytics.views.places import grouped


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """Open to everybody."""
    context = {
        "concepts": CONCEPTS,
        "groups": grouped(metrics()),
        "hedges": [method_named(name) for name in methods()],
    }
    return render(request, "analytics/method.html", context)
