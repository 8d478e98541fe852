"""The time zones a user may choose."""

from functools import cache
from zoneinfo import available_timezones

#: of the system that runs this, and names nobody means
_ODD = ("localtime", "posixrules", "Factory")


@cache
def zones() -> tuple[str, ...]:
    """All names, UTC first. The list is read from disk once in the life of a process."""
    return ("UTC", *sorted(name for name in available_timezones() if name not in (*_ODD, "UTC")))


def zone_named(text: str) -> str | None:
    """The zone as it is spelt, whatever the letter case; None where there is none."""
    return _by_lower().get(text.strip().lower())


@cache
def _by_lower() -> dict[str, str]:
    return {name.lower(): name for name in zones()}
