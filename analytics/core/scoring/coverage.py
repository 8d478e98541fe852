"""Whether a window holds enough of its bars, and what is said where it does not (D7)."""

from numba import njit

from analytics.core.reasons import Reason
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS
from market.core.types import I64

# numba sees plain integers
NONE, WARMING, SHORT, HOLES = (int(reason) for reason in (Reason.NONE, Reason.WARMING, Reason.SHORT, Reason.HOLES))


@njit(cache=True, nogil=True)
def coverage(holes: I64, stop: int, width: int, age: int) -> tuple[int, int, int, int]:
    """(rows, reason, have, need) of the window of `width` rows before `stop`, `age` rows after the first data."""
    have = min(width, max(age, 0))
    least = min(width, MINIMUM_BARS)
    if have < least:
        return have, SHORT, have, least
    bad = holes[stop] - holes[stop - have]
    if bad * HOLES_DIVISOR > have:
        return have, HOLES, bad, have
    if have < width:
        return have, WARMING, have, width
    return have, NONE, 0, 0
