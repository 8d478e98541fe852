"""What Redis carries on the channel of a topic, as a web process hears it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.conf import settings
from redis import Redis

from market.topics import channel_of


class Wire:
    """A listener on the topic's channel."""

    def __init__(self, pubsub: Any) -> None:
        self._pubsub = pubsub

    def next(self) -> dict[str, Any]:
        message = self._pubsub.get_message(timeout=10)
        assert message is not None
        frame: dict[str, Any] = msgspec.json.decode(message["data"])
        return frame


@contextmanager
def listening(topic: str) -> Iterator[Wire]:
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    pubsub = client.pubsub()  # type: ignore[no-untyped-call]  # redis-py left it untyped
    pubsub.subscribe(channel_of(topic))
    assert pubsub.get_message(timeout=10) is not None
    yield Wire(pubsub)
    pubsub.close()
    client.close()
