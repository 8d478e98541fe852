"""Which livepairs this is: the number of pyproject.toml, and the build of the browser's files."""

import tomllib
from dataclasses import dataclass
from functools import cache

from livepairs.frontend import BUILD, STAMP
from livepairs.places import BASE_DIR

HEADER = "X-Livepairs-Version"


@dataclass(frozen=True, slots=True)
class Version:
    """`build` differs whenever a page of one and the scripts of the other would not fit together."""

    number: str
    build: str


@cache
def version() -> Version:
    """Read once in the life of a process: its templates are of that moment too."""
    number = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
    stamp = BUILD / STAMP
    return Version(number, f"{number}+{stamp.read_text()[:8]}" if stamp.exists() else number)
