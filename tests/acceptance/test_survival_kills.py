"""kill -9 under load: whatever process dies, no tick is lost or doubled and the open page is live again by itself."""

import random
from collections.abc import Iterator

import pytest

from tests.acceptance.scene import Scene, running_scene

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("survival")]

PROCESSES = ("ingest", "bars.0", "live.0", "daphne", "redis", "postgres")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running_scene(tmp_path_factory.mktemp("exchange") / "log") as scene:
        yield scene


@pytest.mark.parametrize("process", PROCESSES)
def test_nothing_is_lost_when_a_process_is_killed(scene: Scene, process: str) -> None:
    scene.records()
    scene.stack.kill(process)
    scene.recovers()


def test_nothing_is_lost_when_processes_are_killed_at_random(scene: Scene) -> None:
    chance = random.Random(20_260_101)
    for process in chance.sample(PROCESSES * 2, 6):
        scene.records(more=chance.randrange(1, 400))
        scene.stack.kill(process)
    scene.recovers()
