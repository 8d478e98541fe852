"""How much one user may hold."""

from django.conf import settings

from accounts.models import User


def pair_quota(user: User) -> int:
    """Pairs this user may hold: the user's own number, else the setting LIVEPAIRS_PAIR_QUOTA."""
    return int(settings.PAIR_QUOTA) if user.pair_quota is None else user.pair_quota


def token_quota(user: User) -> int:
    """Tokens this user may hold: the setting LIVEPAIRS_TOKEN_QUOTA."""
    return int(settings.TOKEN_QUOTA)
