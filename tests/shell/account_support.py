"""What tests of accounts do again and again."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User
from tests.shell.access_cast import PASSWORD

LOGIN = "/accounts/login/"
SECOND = "/accounts/2fa/authenticate/"


def logged_in(user: User, **more: Any) -> Client:
    """A browser that went through the login page."""
    client = Client(**more)
    response = client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    assert is_logged_in(client)
    return client


def confirmed(user: User, **more: Any) -> Client:
    """As `logged_in`, and the password was asked for again just now."""
    client = logged_in(user, **more)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def is_logged_in(client: Client) -> bool:
    return client.get("/session/").json()["user"] is not None


def with_app(user: User) -> str:
    """Set up an authenticator app; its secret."""
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def with_codes(user: User) -> list[str]:
    RecoveryCodes.activate(user)
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(row.wrap().get_unused_codes())


def code_now(secret: str) -> str:
    """What the app shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def half_logged_in(user: User) -> Client:
    """The password was right; the second step waits."""
    client = Client()
    response = client.post(LOGIN, {"login": user.username, "password": PASSWORD})
    assert response["Location"].startswith(SECOND)
    assert not is_logged_in(client)
    return client
