"""What accounts themselves keep of a user."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry

from accounts.models import ApiToken, Invitation, NotificationPlace, QuotaOverride, User
from accounts.own_data import register

_PROFILE = (
    "username",
    "email",
    "first_name",
    "last_name",
    "date_joined",
    "last_login",
    "is_staff",
    "time_zone",
    "theme",
    "density",
    "palette",
    "has_shortcuts",
    "is_sidebar_open",
    "start_page",
    "notices_seen_at",
    "removed_after",
)

_TOKEN = ("name", "scopes", "hint", "created_at", "expires_at", "revoked_at", "last_used_at", "last_used_from")


def register_tables() -> None:
    register("profile", User, _PROFILE, of="pk")
    register("email-addresses", EmailAddress, ("email", "verified", "primary"), of="user")
    register("second-factors", Authenticator, ("type", "created_at", "last_used_at"), of="user")
    register("logins", UserSession, ("created_at", "last_seen_at", "ip", "user_agent"), of="user")
    register("limits", QuotaOverride, ("name", "most"), of="user")
    register("invitations", Invitation, ("created_at", "expires_at", "used_at"), of="invited_by")
    register("notification-places", NotificationPlace, ("kind", "address", "created_at", "verified_at"))
    register("api-tokens", ApiToken, _TOKEN)
    register("administration", LogEntry, ("action_time", "object_repr", "action_flag", "change_message"), of="user")
