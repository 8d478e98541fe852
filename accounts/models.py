"""Who the user is, and how the user likes the pages. Knows nothing of prices."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Theme(models.TextChoices):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(models.TextChoices):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class Palette(models.TextChoices):
    """Colours of up and down, in this order."""

    BLUE_ORANGE = "blue-orange", "Blue and orange"
    GREEN_RED = "green-red", "Green and red"
    RED_GREEN = "red-green", "Red and green"


class User(AbstractUser):
    """A person with an account; `pair_quota` overrides the setting when it is set."""

    email = models.EmailField(unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=6, default=Theme.SYSTEM, choices=Theme.choices)
    density = models.CharField(max_length=11, default=Density.COMFORTABLE, choices=Density.choices)
    palette = models.CharField(max_length=11, default=Palette.BLUE_ORANGE, choices=Palette.choices)
    has_shortcuts = models.BooleanField(default=True, help_text="single keys act as shortcuts")
    is_sidebar_open = models.BooleanField(default=True)
    #: notices up to here were seen
    notices_seen_at = models.DateTimeField(null=True, blank=True)
    pair_quota = models.PositiveIntegerField(null=True, blank=True)


# Below the user they belong to
from accounts.tokens.model import ApiToken, Scope  # noqa: E402

__all__ = ["ApiToken", "Density", "Palette", "Scope", "Theme", "User"]
