"""Whoever asks: profile, quotas and their use."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from accounts.models import ApiToken
from accounts.quotas import pair_quota, token_quota
from analytics.models import Pair
from analytics.rest.access import token_of, user_of
from analytics.rest.answers import json_answer, shown
from analytics.rest.params import Times
from analytics.rest.shapes import MeOut

router = Router(tags=["Account"])


@router.get("/me", url_name="me", response=MeOut)
def me(request: HttpRequest, times: Times = "iso") -> HttpResponseBase:
    """The account of this token or session, and how much of each quota is used."""
    user = user_of(request)
    rate = getattr(request, "rate", None)
    token = token_of(request)
    quotas = {
        "pairs": (Pair.objects.owned_by(user).listed().count(), pair_quota(user)),
        "tokens": (ApiToken.objects.owned_by(user).usable().count(), token_quota(user)),
    }
    body = {
        "id": user.pk,
        "username": user.get_username(),
        "email": user.email,
        "time_zone": user.time_zone,
        "is_staff": user.is_staff,
        "quotas": {name: {"used": used, "limit": limit} for name, (used, limit) in quotas.items()},
        "rate": rate and {"used": rate.used, "limit": rate.limit, "reset_s": rate.reset_s},
        "token": token and _token(token, times),
    }
    return json_answer(request, body)


def _token(token: ApiToken, times: Times) -> dict[str, Any]:
    return {
        "name": token.name,
        "scopes": token.scope_words,
        "expires_at": shown(round(token.expires_at.timestamp() * 1_000), times),
    }
