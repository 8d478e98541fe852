"""The secret of a token: long, random, recognisable, and never stored."""

import hashlib
import re
import secrets

PREFIX = "lp_"
_SECRET = re.compile(r"lp_[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """256 random bits. The prefix lets people and scanners of leaked code see what it is."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """SHA-256: what is random enough needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint_of(secret: str) -> str:
    """How it begins, so that the owner tells two of them apart."""
    return secret[:7]


def is_secret(text: str) -> bool:
    return _SECRET.fullmatch(text) is not None


def bearer_of(header: str) -> str | None:
    """The secret in an Authorization header; None when it is of another kind."""
    kind, _, secret = header.strip().partition(" ")
    return secret.strip() if kind.lower() == "bearer" else None
