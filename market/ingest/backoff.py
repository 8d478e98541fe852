"""Waiting longer after each failure, never in step with others."""

from collections.abc import Callable, Iterator

FIRST, CAP = 1.0, 60.0


def delays(random: Callable[[], float], *, first: float = FIRST, cap: float = CAP) -> Iterator[float]:
    """Seconds to wait: doubling from `first` to `cap`, each between half and all of its step. `random` is in [0, 1)."""
    step = first
    while True:
        yield max(first, step * (0.5 + 0.5 * random()))
        step = min(cap, step * 2)
