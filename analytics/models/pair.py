from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from accounts.querysets import OwnedQuerySet
from analytics.models.spec import PairSpec


class Pair(models.Model):
    """A pair on a user's list, with the spec that user looks at now."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pairs")
    spec = models.ForeignKey(PairSpec, on_delete=models.PROTECT, related_name="pairs")
    name = models.CharField(max_length=80, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OwnedQuerySet["Pair"].as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "spec"], name="pair_once_per_owner")]
        ordering = ["created_at", "id"]
