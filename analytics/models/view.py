from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from accounts.querysets import OwnedQuerySet


class SavedView(models.Model):
    """A named address of a pair: what is computed, the range and the panels, as the address holds them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(max_length=80)
    #: path and query of the pair's page, without a host
    address = models.CharField(max_length=1_000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet["SavedView"].as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "name"], name="view_name_once_per_owner")]
        ordering = ["name", "id"]
