"""Whose an e-mail address is."""

from django.db.models import Q

from accounts.models import User


def user_with(address: str) -> User | None:
    """One query, whoever asks.

    An address that somebody only wants to change to belongs to nobody yet. Letters are compared here: the
    database takes “ı” for “i”, and a mail would go to somebody else.
    """
    found = User.objects.filter(Q(email=address) | Q(email=address.lower()))
    return next((user for user in found if user.email.lower() == address.lower()), None)
