"""How much one user may hold: one registry of limits, each with a setting and a number of one's own."""

from dataclasses import dataclass

from django.conf import settings

from accounts.models import QuotaOverride, User


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit by its name; the setting LIVEPAIRS_<NAME> is its default."""

    name: str
    title: str
    setting: str
    help: str


QUOTAS = {
    quota.name: quota
    for quota in (
        Quota("pairs", "Pairs", "PAIR_QUOTA", "on the list"),
        Quota("symbols", "Symbols", "SYMBOL_QUOTA", "recorded for the pairs of the list and those looked at"),
        Quota("sockets", "Live connections", "SOCKET_QUOTA", "open at once, for each web process"),
        Quota("links", "Public links", "LINK_QUOTA", "that are open"),
        Quota("shares", "Shares", "SHARE_QUOTA", "with other users"),
        Quota("uploads", "Upload bytes", "UPLOAD_QUOTA", "stored in all files together"),
        Quota("jobs", "Jobs", "JOB_QUOTA", "running at once"),
        Quota("rules", "Alert rules", "RULE_QUOTA", "that are kept"),
        Quota("tokens", "API tokens", "TOKEN_QUOTA", "that are valid"),
    )
}


def quota_of(user: User, name: str) -> int:
    """What this user may hold of it: the user's own number, else the default."""
    own = QuotaOverride.objects.filter(user=user, name=name).values_list("most", flat=True).first()
    return default_of(name) if own is None else own


def quotas_of(user: User) -> dict[str, int]:
    """All of them, with one query."""
    own = dict(QuotaOverride.objects.filter(user=user).values_list("name", "most"))
    return {name: own.get(name, default_of(name)) for name in QUOTAS}


def default_of(name: str) -> int:
    return int(getattr(settings, QUOTAS[name].setting))


def pair_quota(user: User) -> int:
    return quota_of(user, "pairs")


def token_quota(user: User) -> int:
    return quota_of(user, "tokens")
