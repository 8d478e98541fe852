"""Gap detection on consecutive trade ids. Pure: what is stored is told to it, what is missing comes back."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from market.venues.base import Rows

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mark:
    """The newest tick of an instrument that is known to be stored."""

    trade_id: int
    traded_ms: int


@dataclass(frozen=True, slots=True)
class Hole:
    """Ids [first_id, last_id] that were jumped over, and the event times around them."""

    instrument: int
    first_id: int
    last_id: int
    first_ms: int
    last_ms: int
    cause: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What a batch would change. `order` sorts the batch by (instrument, id) without repeats."""

    order: npt.NDArray[np.intp]
    is_new: npt.NDArray[np.bool_]
    holes: list[Hole]
    marks: dict[int, Mark]

    @property
    def all_new(self) -> bool:
        return bool(self.is_new.all())


class GapDetector:
    """High-water marks per instrument. `observe` changes nothing; `commit` takes over what it found.

    The marks follow committed rows only, so a batch that was rolled back or lost opens its gap later by itself.
    """

    def __init__(self) -> None:
        self.marks: dict[int, Mark] = {}
        self._causes: dict[int, str] = {}

    def expect(self, instruments: list[int], cause: str) -> None:
        """The next jump of these instruments has this cause (cut, restart)."""
        self._causes.update(dict.fromkeys(instruments, cause))

    def observe(self, rows: Rows, *, jump_cause: str = "jump") -> Observation:
        """Order, newness, holes and marks of a batch; reordering within the batch opens no hole."""
        if not len(rows):
            return Observation(np.empty(0, np.intp), np.empty(0, np.bool_), [], {})
        instruments, ids = rows["instrument"], rows["trade_id"]
        order = np.lexsort((ids, instruments))
        repeated = np.zeros(len(order), np.bool_)
        repeated[1:] = (np.diff(instruments[order]) == 0) & (np.diff(ids[order]) == 0)
        order = order[~repeated]
        sorted_rows = rows[order]
        starts = np.flatnonzero(np.diff(sorted_rows["instrument"], prepend=-1))
        ends = np.append(starts[1:], len(order))
        is_new = np.ones(len(order), np.bool_)
        holes: list[Hole] = []
        marks: dict[int, Mark] = {}
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
            instrument = int(sorted_rows["instrument"][start])
            mark = self.marks.get(instrument)
            if mark is not None:
                is_new[start:end] = sorted_rows["trade_id"][start:end] > mark.trade_id
                start += int(end - start - is_new[start:end].sum())  # noqa: PLW2901
            if start < end:
                part = sorted_rows[start:end]
                cause = self._causes.get(instrument, jump_cause)
                holes += _holes(instrument, mark, part, cause=cause, jump_cause=jump_cause)
                marks[instrument] = Mark(int(part["trade_id"][-1]), int(part["traded_ms"][-1]))
        return Observation(order, is_new, holes, marks)

    def commit(self, observation: Observation) -> None:
        self.marks.update(observation.marks)
        for instrument in observation.marks:
            self._causes.pop(instrument, None)


def _holes(instrument: int, mark: Mark | None, part: Rows, *, cause: str, jump_cause: str) -> list[Hole]:
    """Holes before and inside new rows of one instrument, sorted by id."""
    ids, times = part["trade_id"], part["traded_ms"]
    found = []
    if mark is not None and ids[0] > mark.trade_id + 1:
        found.append(Hole(instrument, mark.trade_id + 1, int(ids[0]) - 1, mark.traded_ms, int(times[0]), cause))
    for at in np.flatnonzero(np.diff(ids) > 1).tolist():
        first, last = int(ids[at]) + 1, int(ids[at + 1]) - 1
        found.append(Hole(instrument, first, last, int(times[at]), int(times[at + 1]), jump_cause))
    return found
