from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from accounts.models import User
from accounts.querysets import OwnedQuerySet
from analytics.models.pair import Pair
from analytics.models.view import SavedView


class ShareQuerySet(OwnedQuerySet["Share"]):
    def readable(self) -> "ShareQuerySet":
        """With a user, of owners who may log in and still have the pair on their list."""
        return self.filter(viewer__is_active=True, owner__is_active=True).filter(Q(pair=None) | Q(pair__on_list=True))

    def seen_by(self, user: User) -> "ShareQuerySet":
        return self.readable().filter(viewer=user)


class Share(models.Model):
    """A pair or a saved view that its owner lets another user read.

    `name` is what the owner typed. Where no account has that name `viewer` is NULL; nothing else tells the two apart.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shares")
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="shares_seen"
    )
    name = models.CharField(max_length=254)
    pair = models.ForeignKey(Pair, null=True, on_delete=models.CASCADE, related_name="shares")
    view = models.ForeignKey(SavedView, null=True, on_delete=models.CASCADE, related_name="shares")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(condition=Q(pair=None) ^ Q(view=None), name="share_of_one_thing"),
            UniqueConstraint(fields=["pair", "name"], name="share_of_pair_once"),
            UniqueConstraint(fields=["view", "name"], name="share_of_view_once"),
        ]
        ordering = ["-id"]

    @property
    def what(self) -> str:
        """What is shared, in words."""
        if self.view is not None:
            return f"view “{self.view.name}”"
        assert self.pair is not None
        return f"{self.pair.spec.y.symbol} on {self.pair.spec.x.symbol}"


class PublicLinkQuerySet(OwnedQuerySet["PublicLink"]):
    def open(self) -> "PublicLinkQuerySet":
        """Neither revoked nor expired, of owners who may log in and still have the pair on their list."""
        return self.filter(
            revoked_at=None, expires_at__gt=timezone.now(), owner__is_active=True, pair__on_list=True
        ).select_related("pair__spec__y", "pair__spec__x")


class PublicLink(models.Model):
    """A secret address at which anybody sees one view of a pair for a while. Only a hash of it is kept."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="public_links")
    pair = models.ForeignKey(Pair, on_delete=models.CASCADE, related_name="public_links")
    digest = models.CharField(max_length=64, unique=True)
    #: range, panels, levels and time zone, as the query of an address holds them
    query = models.CharField(max_length=1_000, default="", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = PublicLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
