"""How a name and a password become a user: the same work whether the account exists."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.userkit import get_user_by_username
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.mail_addresses import user_with


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """One look-up by address, one by name and one hash for each try.

    allauth hashes once more for an address that has an account, and Django's own backend once more for all:
    both are left out, or the time of the answer would tell.
    """

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser:
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if user is None:
            # No other backend is asked
            raise PermissionDenied
        return user

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = str(credentials.get("email") or credentials.get("username") or "")
        by_address, by_name = user_with(login), get_user_by_username(login)
        checked: AbstractBaseUser | None = self._check_password(by_address or by_name, credentials["password"])
        return checked
