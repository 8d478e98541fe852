"""One scene for all tests of this folder: they run one after the other on one worker."""

from collections.abc import Iterator

import pytest

from tests.acceptance.survival.scene import Scene, running_scene


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with running_scene(tmp_path_factory.mktemp("exchange") / "log") as scene:
        yield scene


@pytest.fixture
def scene(running: Scene) -> Iterator[Scene]:
    """The scene, and afterwards no fault that a failed test left on."""
    yield running
    for name in running.exchange.control("state")["faults"]:
        running.exchange.fault(name, on=False)
