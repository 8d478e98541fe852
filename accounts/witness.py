"""What Django and allauth tell of logins and accounts, as entries of the audit log."""

from typing import Any

from allauth.account import signals as account
from django.apps import apps
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q
from django.dispatch import Signal
from django.http import HttpRequest

from accounts.audit import By, by, record
from accounts.models import User

_OF_ACCOUNT = {
    "signed up": account.user_signed_up,
    "password set": account.password_set,
    "password changed": account.password_changed,
    "password reset": account.password_reset,
    "email added": account.email_added,
    "email removed": account.email_removed,
}
_OF_SECOND_FACTOR = {
    "second factor added": "authenticator_added",
    "second factor removed": "authenticator_removed",
    "second factor renewed": "authenticator_reset",
}


def connect() -> None:
    user_logged_in.connect(_logged_in, dispatch_uid="audit.in")
    user_logged_out.connect(_logged_out, dispatch_uid="audit.out")
    user_login_failed.connect(_failed, dispatch_uid="audit.failed")
    account.email_changed.connect(_address_changed, dispatch_uid="audit.email")
    for action, signal in _OF_ACCOUNT.items():
        _record_on(signal, action)
    if apps.is_installed("allauth.mfa"):
        from allauth.mfa import signals as second_factor

        for action, name in _OF_SECOND_FACTOR.items():
            _record_on(getattr(second_factor, name), action)


def _record_on(signal: Signal, action: str) -> None:
    def witness(request: HttpRequest, user: User, **more: Any) -> None:
        kind = getattr(more.get("authenticator"), "type", None)
        record(by(request, user), action, subject=f"user {user.username}", after=kind and {"kind": str(kind)})

    signal.connect(witness, weak=False, dispatch_uid=f"audit.{action}")


def _logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    record(by(request, user), "login", subject=f"user {user.username}")


def _logged_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(by(request, user), "logout", subject=f"user {user.username}")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """What was typed is kept only where it is the name of an account: people type passwords into that field."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    # One query for all: a second one for unknown names would tell them apart by the time of the answer
    found = User.objects.filter(Q(email__iexact=typed) | Q(username__iexact=typed)).first()
    who = by(request) if request is not None else By()
    record(who, "login failed", subject=f"user {found.username}" if found else "no such account")


def _address_changed(
    request: HttpRequest, user: User, from_email_address: Any, to_email_address: Any, **_: Any
) -> None:
    before, after = (address and {"email": address.email} for address in (from_email_address, to_email_address))
    record(by(request, user), "email changed", subject=f"user {user.username}", before=before, after=after)
