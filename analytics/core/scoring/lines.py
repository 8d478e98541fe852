"""The hedge line known before each slot, and what draws it."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from analytics.core.scoring.rows import Rows
from market.core.types import F64

I32 = npt.NDArray[np.int32]

#: what is known of the line of a slot: y = Y0 + ratio (x - X0), standard errors, R2, rows, the innovation's score
RATIO, Y0, X0, STDERR, INTERCEPT_STDERR, R2, COUNT, INNOVATION = range(8)
LINE = 8
#: the state of a method with memory is kept before slots whose number is a multiple of this
MEMORY_EVERY = 64


@dataclass(slots=True)
class Lines:
    """Lines of consecutive slots, `values` (LINE, n), NaN where unknown; `reasons` (n, 3): a Reason, two numbers.

    `memories` holds the state before some of the slots, by row; `notes` are the sentences of NO_FIT.
    """

    values: F64
    reasons: I32
    memories: dict[int, F64] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def empty(cls, n: int) -> "Lines":
        values = np.full((LINE, n), np.nan)
        values[COUNT] = 0.0
        return cls(values, np.zeros((n, 3), np.int32))


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows stand: `first` row of the pair, `started` row of a method with memory, number of row 0."""

    first: int
    started: int
    number: int


class Liner(Protocol):
    """What draws the lines known before the slots [start, stop], the last of which may not have come yet."""

    @property
    def at(self) -> int:
        """Number of the slot up to which a method with memory has seen everything; -1 when it has seen nothing."""

    def __call__(self, rows: Rows, place: Place, start: int, stop: int) -> Lines: ...


def memory_slots(place: Place, start: int, stop: int) -> range:
    """Slots before `stop` whose state is kept."""
    return range(start - (place.number + start) % -MEMORY_EVERY, stop, MEMORY_EVERY)


def is_memory_slot(place: Place, slot: int) -> bool:
    return (place.number + slot) % MEMORY_EVERY == 0
