"""Who the user is. Knows nothing of prices."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account; `pair_quota` overrides the setting when it is set."""

    email = models.EmailField(unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(
        max_length=6, default="system", choices=[("system", "System"), ("light", "Light"), ("dark", "Dark")]
    )
    pair_quota = models.PositiveIntegerField(null=True, blank=True)
