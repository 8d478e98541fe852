"""Every component of the pages in every state, for those who build pages."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Density, Palette, Theme
from analytics.notices import Notice, Notices
from livepairs.icons import ICONS

COLOURS = {
    "Surfaces": ("page", "surface", "surface-2", "surface-3", "border", "border-strong"),
    "Text": ("text", "text-muted", "accent", "accent-hover", "on-accent"),
    "States": ("good", "good-surface", "warn", "warn-surface", "bad", "bad-surface", "accent-surface"),
    "Charts": ("series-1", "series-2", "series-3", "series-4", "up", "down", "band", "grid", "zero", "hatch"),
}
PILL_STATES = {
    "live": "Live",
    "stale": "Stale",
    "connecting": "Connecting",
    "reconnecting": "Reconnecting in 4 s",
    "offline": "Offline",
    "paused": "Paused",
    "replay": "Replay ×10",
}
FEED_STATES = ("live", "back-filling", "gap", "connecting", "silent", "blocked", "halted", "paused")


class SampleForm(forms.Form):
    """Fields in all their states."""

    name = forms.CharField(
        label="Name", help_text="As it is shown to others.", widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    window = forms.IntegerField(label="Window", min_value=20, max_value=5_000, initial=300)
    password = forms.CharField(label="Password", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    method = forms.ChoiceField(label="Method", choices=[("ols", "OLS"), ("kalman", "Kalman")])
    keep = forms.BooleanField(label="Keep this", required=False)


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404("The style guide is for staff.")
    context = {
        "colours": COLOURS,
        "icons": sorted(ICONS),
        "pill_states": PILL_STATES,
        "feed_states": FEED_STATES,
        "sizes": ("xs", "s", "m", "l", "xl", "2xl"),
        "spaces": range(1, 7),
        "looks": {"theme": Theme.choices, "density": Density.choices, "palette": Palette.choices},
        "toast_levels": ("info", "good", "warn", "bad"),
        "sample_notices": _sample_notices(),
        "no_notices": Notices([], None),
        "fresh_form": SampleForm(prefix="fresh"),
        "refused_form": SampleForm({"refused-window": "5"}, prefix="refused"),
    }
    return render(request, "styleguide/styleguide.html", context)


def _sample_notices() -> Notices:
    now = timezone.now()
    listed = [
        Notice(now - timedelta(minutes=2), "bad", "ETHUSDT is halted", "the exchange says BREAK"),
        Notice(
            now - timedelta(minutes=40), "warn", "BTCUSDT: 55 trades miss", "They are being fetched: connection cut."
        ),
        Notice(now - timedelta(hours=5), "good", "BTCUSDT: gap filled", "55 trades fetched: connection cut."),
    ]
    return Notices(listed, now - timedelta(minutes=30))
