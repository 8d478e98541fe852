"""The stored side of a token: all but the secret itself."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.querysets import OwnedQuerySet

#: a token that ends within this time is pointed out
WARNED = timedelta(days=7)
#: the time of use is written at most so often
USE_STEP = timedelta(minutes=1)


class Scope(models.TextChoices):
    """What a token may do."""

    READ = "read", "Read: prices, statistics, your pairs, live topics"
    WRITE = "write", "Write: add, change and remove pairs"
    EXPORT = "export", "Export: whole series as CSV and Arrow files"


class TokenQuerySet(OwnedQuerySet["ApiToken"]):
    def kept(self) -> Self:
        """Those that were not revoked, ended ones among them."""
        return self.filter(revoked_at=None)

    def usable(self) -> Self:
        return self.kept().filter(expires_at__gt=timezone.now(), owner__is_active=True)


class ApiToken(models.Model):
    """A token of one user. The secret is nowhere: `digest` recognises it, `hint` is how it begins."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=8, choices=Scope.choices))
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    last_used_from = models.GenericIPAddressField(null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def ends_soon(self) -> bool:
        return not self.is_expired and self.expires_at - timezone.now() <= WARNED

    @property
    def scope_words(self) -> list[str]:
        """Names of the scopes, in the order of Scope."""
        return [scope.value for scope in Scope if scope in self.scopes]

    def revoke(self) -> None:
        """From now on the secret opens nothing. Twice is once."""
        ApiToken.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())

    def note_use(self, address: str | None) -> None:
        """When and from where it was used, at most one write a minute."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at >= USE_STEP or self.last_used_from != address:
            ApiToken.objects.filter(pk=self.pk).update(last_used_at=now, last_used_from=address)

    @classmethod
    def end_after(cls, days: int) -> datetime:
        return timezone.now() + timedelta(days=days)
