"""The example of docs/live-api.md does what it says, as a program of its own against a real daphne."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.tokens.use import make_token
from analytics.core.payloads import Point, spec_data
from analytics.publish import publish
from livepairs.places import BASE_DIR
from market.topics import encode
from tests.live.conftest import OPENED_AT, Cast, store
from tests.live.running import Daphne, running_daphne

pytestmark = pytest.mark.django_db(transaction=True)
MOST_LINES = 45


@pytest.fixture
def daphne(transactional_db: None) -> Iterator[Daphne]:
    with running_daphne() as daphne:
        yield daphne


@pytest.fixture
def example(tmp_path: Path) -> Path:
    found = re.search(r"```python\n(.*?)```", (BASE_DIR / "docs" / "live-api.md").read_text(), re.S)
    assert found is not None
    program = tmp_path / "follow.py"
    program.write_text(found.group(1))
    return program


def start(example: Path, daphne: Daphne, topic: str, secret: str) -> "subprocess.Popen[str]":
    command = [sys.executable, str(example), f"ws://127.0.0.1:{daphne.port}/ws/live/", topic]
    environment = {"PATH": os.environ["PATH"], "LIVEPAIRS_TOKEN": secret}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_example_is_short(example: Path) -> None:
    assert len([line for line in example.read_text().splitlines() if line.strip()]) <= MOST_LINES


def test_the_example_follows_a_pair(example: Path, cast: Cast, daphne: Daphne) -> None:
    for bar in range(3):
        store(cast.spec, bar, seq=bar + 1, z=bar / 2)
    program = start(example, daphne, cast.spec.topic, make_token(cast.alice, "example", ["read"], 7).secret)
    assert program.stdout is not None
    try:
        assert program.stdout.readline() == "3 3 1.0\n"
        send(cast, bar=3, seq=4, prev=3)
        assert program.stdout.readline() == "4 4 9.0\n"
        # Frame 5 is lost: the example sees it by `prev`, asks, and has its row
        store(cast.spec, 4, seq=5, z=5.0)
        store(cast.spec, 5, seq=6, z=6.0)
        send(cast, bar=5, seq=6, prev=5)
        assert program.stdout.readline() == "6 6 6.0\n"
    finally:
        program.kill()
        program.communicate()


def test_the_example_says_why_a_token_opens_nothing(example: Path, cast: Cast, daphne: Daphne) -> None:
    program = start(example, daphne, cast.spec.topic, "lp_wrong")
    _, told = program.communicate(timeout=60)
    assert program.returncode == 1
    assert told == "This is no token of livepairs. Tokens begin with lp_ and are made on /settings/tokens/.\n"


def send(cast: Cast, *, bar: int, seq: int, prev: int) -> None:
    """A live frame, as the pair worker sends it."""
    opened_ms = round(OPENED_AT.timestamp() * 1_000) + bar * 1_000
    data = spec_data([Point(opened_ms, 1.0, 1.0, None, None, None, 9.0, None)])
    text = encode(cast.spec.topic, seq=seq, prev=prev, at=opened_ms + 1_000, kind="delta", data=data)
    publish(cast.spec.topic, text)
