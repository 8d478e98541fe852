"""Server CPU of one delivery: livepairs' hub against `group_send` on the pubsub layer, both under a real daphne.

A closed loop publishes k messages of 300 bytes, waits until all N clients have them, and goes on; clients
of livepairs acknowledge every eighth frame, which the figure includes. CPU is that of the daphne process.
"""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.crowd import Crowd
from tests.waiting import wait_until

SIZES = (500, 1_000)
#: messages in flight, and how many times less CPU than the baseline is promised with so many
GOALS = {1: 3.0, 8: 6.0}
DELIVERIES = 60_000
MESSAGE_BYTES = 300
SOCKETS_OF_ONE_USER = 20
SYMBOL = "simulated:AAAUSDT"

Publish = Callable[[int], Awaitable[None]]


@dataclass
class Side:
    """One of the two servers: its ASGI application, its clients' cookies and how a message is published."""

    application: str
    topic: str
    cookies: list[str]
    publish: Publish


@dataclass
class Figures:
    cpu_us: float
    per_second: float
    kilobytes: float


def main() -> None:
    from tests import servers

    missed: list[str] = []
    try:
        cookies = _prepare(max(SIZES))
        for size in SIZES:
            for in_flight, goal in GOALS.items():
                ours, theirs = _measure(_ours(cookies[:size]), in_flight), _measure(_theirs(size), in_flight)
                _report(size, in_flight, ours, theirs)
                if theirs.cpu_us < goal * ours.cpu_us:
                    missed.append(f"{size} sockets, {in_flight} in flight: less than {goal} times")
    finally:
        servers.stop_servers()
    if missed:
        sys.exit("fan-out missed its goal: " + "; ".join(missed))


def _report(size: int, in_flight: int, ours: Figures, theirs: Figures) -> None:
    baseline = "channels_redis pubsub group_send"
    name = f"fanout {size} sockets, {in_flight} in flight"
    for what, unit, mine, other in (
        ("server CPU per delivery", "us", ours.cpu_us, theirs.cpu_us),
        ("memory per connection", "kB", ours.kilobytes, theirs.kilobytes),
        ("deliveries per second", "1/s", ours.per_second, theirs.per_second),
    ):
        ratio = mine / other if unit == "1/s" else other / mine
        line = {"name": f"{name}: {what}", "ours": round(mine, 2), "baseline": round(other, 2), "unit": unit}
        print(json.dumps(line | {"ratio": round(ratio, 2), "baseline_name": baseline}), flush=True)


def _prepare(size: int) -> list[str]:
    """Users with a session each, and one instrument."""
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from accounts.models import User
    from market.models import Instrument

    call_command("migrate", verbosity=0)
    Instrument.objects.create(venue="simulated", symbol="AAAUSDT")
    cookies: list[str] = []
    for number in range(-(-size // SOCKETS_OF_ONE_USER)):
        user = User.objects.create(username=f"user{number}", email=f"user{number}@example.org", password="!")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        cookies += [str(session.session_key)] * SOCKETS_OF_ONE_USER
    return cookies[:size]


def _ours(cookies: list[str]) -> Side:
    from redis.asyncio import Redis

    from market.topics import channel_of, encode

    topic = f"price.{SYMBOL}"
    client = Redis.from_url(os.environ["REDIS_URL"])

    async def publish(number: int) -> None:
        data = {"price": 1.0, "note": ""}
        text = encode(topic, seq=number, prev=number - 1, at=0, kind="delta", data=data)
        padded = text.replace('"note":""', f'"note":"{"x" * (MESSAGE_BYTES - len(text))}"')
        await client.publish(channel_of(topic), padded)

    return Side("livepairs.asgi:application", topic, cookies, publish)


def _theirs(size: int) -> Side:
    from channels_redis.pubsub import RedisPubSubChannelLayer

    layer = RedisPubSubChannelLayer(hosts=[{"address": os.environ["REDIS_URL"], "socket_timeout": None}])
    text = "x" * MESSAGE_BYTES

    async def publish(number: int) -> None:
        await layer.group_send("price", {"type": "frame", "text": text})

    return Side("tests.benchmarks.fanout_baseline:application", "", [""] * size, publish)


def _measure(side: Side, in_flight: int) -> Figures:
    with _daphne(side.application) as (process, port):
        return asyncio.run(_run(side, in_flight, process, port))


async def _run(side: Side, in_flight: int, process: int, port: int) -> Figures:
    crowd, size = Crowd(topic=side.topic), len(side.cookies)
    loop = asyncio.get_running_loop()
    memory = _resident(process)
    await crowd.join(port, side.cookies)
    greeted = size if side.topic else 0
    await crowd.received(greeted)
    number = 1
    await side.publish(number)
    await crowd.received(greeted + size)
    kilobytes = (_resident(process) - memory) / size / 1_000
    rounds = max(DELIVERIES // (size * in_flight), 5)
    cpu, began, before = _cpu(process), loop.time(), crowd.frames
    for _ in range(rounds):
        for _ in range(in_flight):
            number += 1
            await side.publish(number)
        before += size * in_flight
        await crowd.received(before)
    deliveries = rounds * in_flight * size
    cpu, took = _cpu(process) - cpu, loop.time() - began
    assert crowd.lost == 0, f"{crowd.lost} clients were closed"
    crowd.leave()
    return Figures(cpu / deliveries * 1e6, deliveries / took, kilobytes)


def _cpu(process: int) -> float:
    """Seconds of user and system time; the name of the program may hold spaces and ends with a bracket."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(process: int) -> int:
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def _daphne(application: str) -> Iterator[tuple[int, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", application]
    process = subprocess.Popen(command)
    try:
        wait_until(lambda: _is_listening(port), what="daphne")
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
