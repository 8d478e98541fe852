"""Which page to ask for a gap, and what its answer means. Pure; times are epoch ms."""

from dataclasses import dataclass

import numpy as np

from market.ingest.batch import Fill
from market.venues.base import Page, Rows, no_rows

#: Calls for ids that should still be served before they are left to the dump file
TRIES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """A gap as the pager sees it. `backwards`: newest ids first, so that history grows away from the live data."""

    gap_id: int
    first_id: int
    last_id: int
    first_ms: int
    last_ms: int
    tries: int
    backwards: bool

    def start(self, limit: int) -> int:
        """First id of the page to ask for."""
        return max(self.first_id, self.last_id - limit + 1) if self.backwards else self.first_id


@dataclass(frozen=True, slots=True)
class Filled:
    """Rows of the page that belong to the gap and what they do to it."""

    rows: Rows
    voids: Rows
    fill: Fill


def judge(wanted: Wanted, page: Page, *, limit: int, is_served: bool) -> Filled | str:
    """What a page fills, or the reason to ask again later. `is_served`: REST should still have these ids.

    Only the consecutive run from the asked id on counts; nothing is believed without looking at the ids.
    """
    start = wanted.start(limit)
    rows, voids = _within(page.rows, wanted), _within(page.voids, wanted)
    ids = np.union1d(rows["trade_id"], voids["trade_id"])
    ids = ids[ids >= start]
    if not len(ids):
        if len(page.rows) + len(page.voids) == 0:
            return "the exchange returned no rows"
        return _nothing(wanted) if _may_give_up(wanted, is_served) else "the page starts after the gap"
    first = int(ids[0])
    if first > start and not _may_give_up(wanted, is_served):
        return f"the page starts at id {first} instead of {start}"
    run = ids[: int(np.argmax(np.diff(ids, append=ids[-1] + 2) > 1)) + 1]
    end = int(run[-1])
    if wanted.backwards and end < wanted.last_id:
        return f"the page ends at id {end} instead of {wanted.last_id}"
    keep = rows[(rows["trade_id"] >= first) & (rows["trade_id"] <= end)]
    keep_voids = voids[(voids["trade_id"] >= first) & (voids["trade_id"] <= end)]
    first_ms, last_ms = _times(keep, wanted)
    fill = _backwards(wanted, first, start, first_ms) if wanted.backwards else _forwards(wanted, first, end, last_ms)
    return Filled(keep, keep_voids, fill)


def _may_give_up(wanted: Wanted, is_served: bool) -> bool:
    return not is_served or wanted.tries + 1 >= TRIES


def _within(rows: Rows, wanted: Wanted) -> Rows:
    return rows[(rows["trade_id"] >= wanted.first_id) & (rows["trade_id"] <= wanted.last_id)]


def _times(rows: Rows, wanted: Wanted) -> tuple[int, int]:
    if not len(rows):
        return wanted.first_ms, wanted.last_ms
    return int(rows["traded_ms"].min()), int(rows["traded_ms"].max())


def _nothing(wanted: Wanted) -> Filled:
    lost = (wanted.first_id, wanted.last_id)
    fill = Fill(wanted.gap_id, None, wanted.first_ms, wanted.last_ms, filled=0, unreachable=lost)
    return Filled(no_rows(), no_rows(), fill)


def _forwards(wanted: Wanted, first: int, end: int, last_ms: int) -> Fill:
    unreachable = (wanted.first_id, first - 1) if first > wanted.first_id else None
    remaining = (end + 1, wanted.last_id) if end < wanted.last_id else None
    return Fill(wanted.gap_id, remaining, last_ms, wanted.last_ms, filled=end - first + 1, unreachable=unreachable)


def _backwards(wanted: Wanted, first: int, start: int, first_ms: int) -> Fill:
    count = wanted.last_id - first + 1
    if first > start:
        lost = (wanted.first_id, first - 1)
        return Fill(wanted.gap_id, None, wanted.first_ms, first_ms, filled=count, unreachable=lost)
    remaining = (wanted.first_id, first - 1) if first > wanted.first_id else None
    return Fill(wanted.gap_id, remaining, wanted.first_ms, first_ms, filled=count)
