"""livepairs' own ways where django-allauth leaves a choice."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email, filter_users_by_username
from django.http import HttpRequest
from django.shortcuts import resolve_url

from accounts import invitations
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return invitations.is_open(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The page a user chose to start with; a page that was asked for goes before."""
        assert isinstance(request.user, User)
        return resolve_url(request.user.start_page)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed logins count for the account that was meant.

        allauth counts for the Host header and the text as typed: another port in Host, another letter case, or the
        user name in place of the address would each give a new set of tries.
        """
        login = credentials.get("email") or credentials.get("username") or ""
        found = [*filter_users_by_username(login), *filter_users_by_email(login)]
        return f"account {min(user.pk for user in found)}" if found else f"unknown {login.lower()}"
