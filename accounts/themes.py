"""Light, dark or as the system has it: kept with the user, in a cookie before login."""

from django.http import HttpRequest, HttpResponse

COOKIE = "theme"
YEAR = 365 * 24 * 3600
#: what the button switches to
NEXT = {"system": "dark", "dark": "light", "light": "system"}


def theme_of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    theme = user.theme if user is not None and user.is_authenticated else request.COOKIES.get(COOKIE, "")
    return theme if theme in NEXT else "system"


def keep_theme(request: HttpRequest, response: HttpResponse, theme: str) -> None:
    """Store the choice where it belongs; an unknown word is no choice."""
    if theme not in NEXT:
        return
    if request.user.is_authenticated:
        request.user.theme = theme
        request.user.save(update_fields=["theme"])
    response.set_cookie(COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
