"""Who the user is, and how the user likes the pages. Knows nothing of prices."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts.querysets import OwnedQuerySet


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


class StartPage(models.TextChoices):
    """Where a login without a page in mind leads: names of addresses of the site."""

    DASHBOARD = "dashboard", "Dashboard"
    HEALTH = "health", "System health"
    NOTICES = "notices", "Notices"
    METHOD = "method", "How the numbers are made"


class User(AbstractUser):
    """A person with an account."""

    email = models.EmailField(unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=6, default=Theme.SYSTEM, choices=Theme.choices)
    density = models.CharField(max_length=11, default=Density.COMFORTABLE, choices=Density.choices)
    palette = models.CharField(max_length=11, default=Palette.BLUE_ORANGE, choices=Palette.choices)
    has_shortcuts = models.BooleanField(default=True, help_text="single keys act as shortcuts")
    is_sidebar_open = models.BooleanField(default=True)
    #: notices up to here were seen
    notices_seen_at = models.DateTimeField(null=True, blank=True)
    start_page = models.CharField(max_length=16, default=StartPage.DASHBOARD, choices=StartPage.choices)
    #: the account is removed then, unless its owner undoes that
    removed_after = models.DateTimeField(null=True, blank=True, db_index=True)


class QuotaOverride(models.Model):
    """A limit that staff set for one user in place of the default (accounts/quotas.py has the names)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="quota_overrides")
    name = models.CharField(max_length=16)
    most = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="quota_override_once")]

    def __str__(self) -> str:
        return f"{self.name} of {self.user.username}: {self.most}"


class AuditEntry(models.Model):
    """Who changed what, before and after, when and from where. Written by accounts/audit.py only.

    The database refuses to change or delete a row, so the actor is a number and a name and no foreign key.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    actor_id = models.BigIntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=150, default="", blank=True)
    action = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    #: of the browser, as far as the trusted proxies tell it
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class Announcement(models.Model):
    """A sentence of staff on top of every page, for a while."""

    class Level(models.TextChoices):
        INFO = "info", "Information"
        WARN = "warn", "Warning"

    text = models.CharField(max_length=300)
    level = models.CharField(max_length=4, choices=Level.choices, default=Level.INFO)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)
    made_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="announcement_ends")
        ]

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """A link that lets one person sign up, once and until it expires. Only a hash of its secret is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    #: whoever signs up with it runs the site: only for an installation without staff
    makes_admin = models.BooleanField(default=False)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class NotificationPlace(models.Model):
    """Where a user may be told something: nothing is sent there before its owner confirmed it."""

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.EMAIL)
    address = models.CharField(max_length=254)
    created_at = models.DateTimeField(auto_now_add=True)
    verified_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "address"], name="place_once")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.address}"


# Below the user they belong to
from accounts.tokens.model import ApiToken, Scope  # noqa: E402

__all__ = [
    "Announcement",
    "ApiToken",
    "AuditEntry",
    "Density",
    "Invitation",
    "NotificationPlace",
    "Palette",
    "QuotaOverride",
    "Scope",
    "StartPage",
    "Theme",
    "User",
]
