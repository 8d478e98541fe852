"""From workers to browsers: one message on Redis for each frame, whoever listens. Never an error for the caller."""

import logging
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import msgspec
import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from analytics.hub import CONTROL_CHANNEL, Revocation
from market.topics import channel_of

log = logging.getLogger(__name__)

TIMEOUT_S = 0.5


def publish(topic: str, text: str) -> None:
    """Give a frame to all clients of a topic. Without Redis it is lost: clients see the hole and fetch `since=`."""
    _send(channel_of(topic), text)


def publish_all(frames: Mapping[str, str]) -> None:
    """Give frames by topic to their clients, all in one call."""
    if frames:
        _send_all({channel_of(topic): text for topic, text in frames.items()})


def listened(topics: Collection[str]) -> set[str]:
    """Those that some web process listens to now; one question for all. Without Redis nobody does."""
    if not topics:
        return set()
    try:
        counts: Any = _client(settings.REDIS_URL).pubsub_numsub(*map(channel_of, topics))
    except redis.RedisError:
        return set()
    heard = {name.decode() for name, count in counts if count}
    return {topic for topic in topics if channel_of(topic) in heard}


def revoke(user_id: int, topic: str) -> None:
    """The user may no longer see the topic; its sockets are told `gone`. (Every 5 s all rights are checked anyway.)"""
    _send(CONTROL_CHANNEL, msgspec.json.encode(Revocation(user_id, topic)).decode())


@cache
def _client(url: str) -> redis.Redis:
    """One pool for the process: after a restart of Redis the first command reconnects at once."""
    return redis.Redis.from_url(
        url,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 1),
    )


class _Outage:
    """Says once that Redis is away, and once that it is back."""

    is_on = False


def _send(channel: str, text: str) -> None:
    _send_all({channel: text})


def _send_all(texts: Mapping[str, str]) -> None:
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as pipeline:
            for channel, text in texts.items():
                pipeline.publish(channel, text)
            pipeline.execute()
    except redis.RedisError as error:
        if not _Outage.is_on:
            log.warning("live push is off, Redis does not answer: %s", error)
        _Outage.is_on = True
        return
    if _Outage.is_on:
        log.warning("live push is on again")
    _Outage.is_on = False
