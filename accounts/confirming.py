"""Admin actions that say in numbers what they would do, on a page of their own, before they do it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

#: name of the field that the page of the question sends
CONFIRMED = "confirmed"


def ask_first(
    page: "ModelAdmin[Any]",
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    title: str,
    effects: Callable[[Any], list[str]],
    deed: Callable[[Any], str],
    form_class: type[forms.Form] = forms.Form,
) -> TemplateResponse | None:
    """The question, or None after the deed. Both get the cleaned data of the form; before it is sent, {}."""
    action = request.POST["action"]
    is_sent = CONFIRMED in request.POST
    form = form_class(request.POST if is_sent else None)
    asked = form.cleaned_data if is_sent and form.is_valid() else {}
    if is_sent and form.is_valid():
        try:
            messages.success(request, deed(asked))
        except (PermissionDenied, ValueError) as error:
            messages.error(request, str(error))
        return None
    context = page.admin_site.each_context(request) | {
        "title": title,
        "opts": page.model._meta,
        "effects": effects(asked),
        "form": form,
        "action": action,
        "confirmed": CONFIRMED,
        "checkbox": ACTION_CHECKBOX_NAME,
        "ids": [str(row.pk) for row in rows],
    }
    return TemplateResponse(request, "admin/ask_first.html", context)
