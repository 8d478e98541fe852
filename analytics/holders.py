"""Holders of public links as readers of live topics.

A reader of topics is a number: a user's id, or for the holder of a link the id of the link, negated. So rights, sockets
and revocations of both are one mechanism, and no link can be taken for a user.
"""

from collections.abc import Collection

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from accounts import rates
from accounts.tokens.secret import digest_of
from analytics.models import PairSpec, PublicLink
from analytics.rest.access import count_request
from analytics.topics.base import RefusedError
from market.core.types import Timeframe

HEADER = "X-Link"
#: operations of the API that a link opens; each checks the topic itself
_OPERATIONS = {"topic", "series", "ticks"}
_LONGEST_SECRET = 100


def find_link(secret: str) -> PublicLink | None:
    """The open link of a secret."""
    if not 0 < len(secret) <= _LONGEST_SECRET:
        return None
    return PublicLink.objects.open().filter(digest=digest_of(secret)).first()


def holder_of(link: PublicLink) -> int:
    return -link.pk


def is_holder(reader: int) -> bool:
    return reader < 0


def open_holders(readers: Collection[int]) -> set[int]:
    """Those whose links are open."""
    ids = [-reader for reader in readers]
    return {-pk for pk in PublicLink.objects.open().filter(pk__in=ids).values_list("pk", flat=True)}


def topics_of(spec: PairSpec) -> set[str]:
    """What the live view of a pair listens to: nothing of anybody's account."""
    legs = (spec.y, spec.x)
    label = Timeframe(spec.timeframe).label
    named = {f"{kind}.{leg}" for kind in ("price", "funding") for leg in legs}
    return {spec.topic, *named, *(f"bars.{leg}@{label}" for leg in legs)}


def granted_to_holders(asks: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of (holder, topic) that the view of an open link needs; one query."""
    if not asks:
        return set()
    links = PublicLink.objects.open().filter(pk__in={-reader for reader, _ in asks})
    topics = {holder_of(link): topics_of(link.pair.spec) for link in links}
    return {(reader, topic) for reader, topic in asks if topic in topics.get(reader, ())}


class LinkHeader(APIKeyHeader):
    """The secret of an open link in the header X-Link, for the operations that its view needs."""

    param_name = HEADER

    def authenticate(self, request: HttpRequest, key: str | None) -> PublicLink | None:
        match = request.resolver_match
        if not key or match is None or match.url_name not in _OPERATIONS:
            return None
        link = find_link(key)
        if link is not None:
            count_request(request, rates.of_link(link.pk))
        return link


def reader_of(request: HttpRequest) -> int:
    """Who asks the API for a topic: the holder of a link where one is named, else the user. A wrong link is a 401."""
    secret = request.headers.get(HEADER)
    if secret is None and request.user.pk is not None:
        return int(request.user.pk)
    link = find_link(secret or "")
    if link is None:
        raise RefusedError(401, "This link has ended.", HEADER, "Ask who sent it for a new one.")
    return holder_of(link)
