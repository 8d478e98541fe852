"""How one visitor likes the pages: kept with the user; a visitor without an account has a theme in a cookie."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse

from accounts.models import Density, Palette, Theme, User
from accounts.zones import zone_named

COOKIE = "theme"
YEAR = 365 * 24 * 3600
#: what the button switches to
NEXT = {"system": "dark", "dark": "light", "light": "system"}


@dataclass(frozen=True, slots=True)
class Preferences:
    """What must be known before the first byte of a page is sent: no flash."""

    theme: str = Theme.SYSTEM
    density: str = Density.COMFORTABLE
    palette: str = Palette.BLUE_ORANGE
    has_shortcuts: bool = True
    is_sidebar_open: bool = True


def preferences_of(request: HttpRequest) -> Preferences:
    user = getattr(request, "user", None)
    if isinstance(user, User):
        return Preferences(user.theme, user.density, user.palette, user.has_shortcuts, user.is_sidebar_open)
    theme = request.COOKIES.get(COOKIE, "")
    return Preferences(theme if theme in Theme else Theme.SYSTEM)


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]  # ModelForm takes no parameter at run time
    """Any of the preferences: what is not sent is not changed."""

    class Meta:
        model = User
        fields = (
            "theme",
            "density",
            "palette",
            "time_zone",
            "has_shortcuts",
            "is_sidebar_open",
            "start_page",
            "first_name",
        )

    def __init__(self, data: Mapping[str, str], user: User) -> None:
        super().__init__(data, instance=user)
        for name in [name for name in self.fields if name not in data]:
            del self.fields[name]

    def clean_time_zone(self) -> str:
        typed: str = self.cleaned_data["time_zone"]
        zone = zone_named(typed)
        if zone is None:
            raise forms.ValidationError(
                f"There is no time zone “{typed}”. Choose a name of the list, like UTC or Europe/Berlin."
            )
        return zone

    def store(self) -> None:
        """Only the columns that were sent: another tab may be changing others."""
        if self.fields:
            self.instance.save(update_fields=list(self.fields))


def keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    """The cookie, for pages before login; an unknown word is no choice."""
    if theme in Theme:
        response.set_cookie(COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
