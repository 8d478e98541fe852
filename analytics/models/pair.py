from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from accounts.querysets import OwnedQuerySet
from analytics.models.spec import PairSpec


class PairQuerySet(OwnedQuerySet["Pair"]):
    """Pairs of users: those on their lists, and those that they only look at."""

    def listed(self) -> "PairQuerySet":
        return self.filter(on_list=True)

    def leased(self) -> "PairQuerySet":
        """Looked at by its address, with settings that are on no list (analytics/leases.py)."""
        return self.filter(on_list=False)


class Pair(models.Model):
    """A pair that a user follows, with the spec that user looks at now."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pairs")
    spec = models.ForeignKey(PairSpec, on_delete=models.PROTECT, related_name="pairs")
    name = models.CharField(max_length=80, default="", blank=True)
    note = models.TextField(max_length=10_000, default="", blank=True)
    #: False: opened by its address only, and forgotten when nobody has looked at it for a while
    on_list = models.BooleanField(default=True)
    seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [UniqueConstraint(fields=["owner", "spec"], name="pair_once_per_owner")]
        ordering = ["created_at", "id"]
