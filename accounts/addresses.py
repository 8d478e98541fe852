"""From where somebody asks."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """From where a request came; None if unknown."""
    return client_address(request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""))


def client_address(remote: str, forwarded: str = "") -> str | None:
    """The address of a client: the connection's own, or that which the outermost trusted proxy saw; None if unknown.

    `forwarded` is the X-Forwarded-For header; without trusted proxies anybody may have written it.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    if proxies:
        told = [part.strip() for part in forwarded.split(",")]
        remote = told[-proxies] if len(told) >= proxies else ""
    try:
        return str(ipaddress.ip_address(remote))
    except ValueError:
        return None
