"""Who is told of a commit: every queue of bars, since time has passed for quiet symbols too."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings as DjangoSettings
from redis import Redis

from market.ingest.notice import Notice
from tests.waiting import wait_until

QUEUES = ("bars.0", "bars.1")


@pytest.fixture
def broker(settings: DjangoSettings) -> Iterator[Redis]:
    settings.BAR_SHARDS = 2
    client = Redis.from_url(settings.REDIS_URL, socket_timeout=10)
    client.delete(*QUEUES)
    yield client
    client.delete(*QUEUES)
    client.close()


def test_a_quiet_shard_is_told_that_time_has_passed(broker: Redis) -> None:
    notice = Notice()
    try:
        notice.tell()
        wait_until(lambda: all(broker.llen(queue) for queue in QUEUES))
    finally:
        notice.close()
