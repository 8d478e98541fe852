"""Order of the suite: the layers of real processes begin first, so that no worker ends alone with a long file."""

import pytest

LONG_FIRST = ("acceptance", "browser", "architecture", "live")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the random order within a layer."""
    items.sort(key=_rank)


#: a long file of a later layer
LONG_FILE = "tests/shell/test_access_matrix.py"


def _rank(item: pytest.Item) -> int:
    layer = item.nodeid.split("/")[1]
    if item.nodeid.startswith(LONG_FILE):
        return LONG_FIRST.index("architecture")
    return LONG_FIRST.index(layer) if layer in LONG_FIRST else len(LONG_FIRST)
