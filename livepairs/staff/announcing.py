"""Sentences on top of every page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import by, record
from accounts.models import Announcement
from livepairs.staff.gate import staff_only, staff_user


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]  # ModelForm takes no parameter at run time
    """Times are UTC."""

    class Meta:
        model = Announcement
        fields = ("text", "level", "starts_at", "ends_at")
        widgets = {
            name: forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            for name in ("starts_at", "ends_at")
        }
        labels = {"starts_at": "From (UTC)", "ends_at": "Until (UTC)"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends_at", "It must end after it starts.")
        return cleaned


@staff_only
@require_http_methods(["GET", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.made_by = staff_user(request).username
            made = form.save()
            after = {"from": made.starts_at.isoformat(), "until": made.ends_at.isoformat(), "level": made.level}
            record(by(request), "announced", subject=made.text, after=after)
        messages.success(request, "Every page shows it in that time, from its next load on.")
        return redirect("staff_announcements")
    context = {"form": form, "rows": Announcement.objects.all()[:50], "now": timezone.now()}
    return render(request, "staff/announcements.html", context, status=422 if form.is_bound else 200)


@staff_only
@require_POST
def end(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Now; one that has not begun goes altogether."""
    row = get_object_or_404(Announcement, pk=announcement_id)
    now = timezone.now()
    with transaction.atomic():
        record(by(request), "announcement ended", subject=row.text, before={"until": row.ends_at.isoformat()})
        if row.starts_at >= now:
            row.delete()
        else:
            Announcement.objects.filter(pk=row.pk, ends_at__gt=now).update(ends_at=now)
    messages.success(request, "No page shows it any more.")
    return redirect("staff_announcements")
