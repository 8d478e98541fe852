"""How much JavaScript a page waits for. What is loaded on demand, by `import()`, is not among it."""

import gzip
import re

import pytest

from livepairs.frontend import BUILD, build

#: compressed bytes, of all that a page loads by itself
CHART_PAGE, OTHER_PAGE = 90_000, 30_000
_IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build()


def loaded(*entries: str) -> set[str]:
    """Files of entries and of all that they import statically."""
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _IMPORTED.findall((BUILD / name).read_text())
    return found


def size(*entries: str) -> int:
    return sum(len(gzip.compress((BUILD / name).read_bytes(), 9)) for name in loaded(*entries))


def test_a_chart_page_waits_for_at_most_90_kb() -> None:
    assert len(loaded("site.js", "dashboard.js")) > 2
    assert size("site.js", "dashboard.js") <= CHART_PAGE


def test_every_other_page_waits_for_at_most_30_kb() -> None:
    entries = {file.name for file in BUILD.glob("*.js") if not re.search(r"-[A-Z0-9]{8}\.js$", file.name)}
    assert entries >= {"site.js", "dashboard.js"}
    for entry in entries - {"dashboard.js"}:
        assert size("site.js", entry) <= OTHER_PAGE, entry


def test_a_part_that_is_loaded_on_demand_is_none_of_the_first_load() -> None:
    on_demand = set(re.findall(r"""import\(["']\./([\w.-]+\.js)["']\)""", (BUILD / "dashboard.js").read_text()))
    assert len(on_demand) >= 2
    assert not on_demand & loaded("site.js", "dashboard.js")
