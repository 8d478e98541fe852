"""Making tokens, and reading the one that somebody shows."""

from dataclasses import dataclass
from http import HTTPStatus

from django.db import transaction

from accounts.models import User
from accounts.quotas import token_quota
from accounts.tokens.model import ApiToken, Scope
from accounts.tokens.secret import digest_of, hint_of, is_secret, new_secret

PAGE = "/settings/tokens/"


class TokenRefusedError(Exception):
    """A token that opens nothing: HTTP status, what is wrong, how to mend it."""

    def __init__(self, what: str, mend: str, status: int = HTTPStatus.UNAUTHORIZED) -> None:
        super().__init__(f"{what} {mend}")
        self.status = int(status)
        self.what = what
        self.mend = mend


class TokenQuotaError(Exception):
    """The user holds as many tokens as allowed; the text is for the user."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made, and its secret for the one time it is shown."""

    token: ApiToken
    secret: str


def make_token(user: User, name: str, scopes: list[str], days: int) -> NewToken:
    secret = new_secret()
    with transaction.atomic():
        # The user's row is the lock of the quota
        owner = User.objects.select_for_update().get(pk=user.pk)
        most = token_quota(owner)
        if ApiToken.objects.owned_by(owner).usable().count() >= most:
            raise TokenQuotaError(f"You have {most} tokens, your limit. Revoke one first, or ask staff for more.")
        token = ApiToken.objects.create(
            owner=owner,
            name=name,
            scopes=[scope for scope in Scope.values if scope in scopes],
            digest=digest_of(secret),
            hint=hint_of(secret),
            expires_at=ApiToken.end_after(days),
        )
    return NewToken(token, secret)


def read_token(secret: str) -> ApiToken:
    """The token of a secret, with its owner; TokenRefusedError says why it opens nothing."""
    if not is_secret(secret):
        raise TokenRefusedError("This is no token of livepairs.", f"Tokens begin with lp_ and are made on {PAGE}.")
    token = ApiToken.objects.select_related("owner").filter(digest=digest_of(secret)).first()
    if token is None:
        raise TokenRefusedError("There is no such token.", f"Make one on {PAGE}.")
    if token.revoked_at is not None:
        raise TokenRefusedError("This token was revoked.", f"Make a new one on {PAGE}.")
    if token.is_expired:
        raise TokenRefusedError(
            f"This token ended on {token.expires_at:%Y-%m-%d %H:%M} UTC.", f"Make a new one on {PAGE}."
        )
    if not token.owner.is_active:
        raise TokenRefusedError("The account of this token is closed.", "Ask the staff of this site.")
    return token


def check_scope(token: ApiToken, scope: str) -> None:
    """TokenRefusedError 403 when the token may not do this."""
    if scope not in token.scopes:
        has = ", ".join(token.scope_words) or "none"
        raise TokenRefusedError(
            f"This token lacks the scope “{scope}”; it has: {has}.",
            f"Make a token with “{scope}” on {PAGE}.",
            HTTPStatus.FORBIDDEN,
        )
