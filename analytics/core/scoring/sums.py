"""Running sums of a window of two series: one row enters, one leaves, and every so often they are formed anew.

A window's rows are kept as residuals r = (y - cy) - slope (x - cx) about a reference line and as u = x - cx, so that
nothing cancels when one leg explains the other. Sums are formed exactly, from all rows, where the slot's number
(open / width) is a multiple of ANCHOR, at the ages 1, 2, 4 … ANCHOR of a pair, and where rounding could show. Between
anchors each slot costs the same, whatever the window. The bits of a slot depend on its anchor only: whoever walks from
there, over a year at once or bar by bar with a restart between, gets the same.
"""

import numpy as np
from numba import njit

from analytics.core.scoring.layout import (
    ANCHOR,
    AT,
    CX,
    CY,
    EXPANDING,
    PEAK_R,
    PEAK_U,
    ROUNDING,
    SLOPE,
    SR,
    SRR,
    SRU,
    SU,
    SUU,
    Legs,
    N,
)
from analytics.core.scoring.walk import is_run, walk, walk_run
from market.core.types import F64

#: rows from which the reference line of exact sums is taken
_REFERENCE_ROWS = 32


@njit(cache=True, nogil=True, error_model="numpy")
def roll(
    legs: Legs,
    width: int,
    origin: tuple[int, int],
    span: tuple[int, int],
    sums: F64,
    out: F64,
) -> None:
    """Window moments of the slots span[0] … span[1] - 1 into `out`, shape (COLUMNS, slots).

    The window of slot t is the rows [t - min(width, t - first), t) without those that `skip` names; origin = (first
    row with data, number of row 0). `sums` are those of some slot before or at the first one asked for, or unknown;
    afterwards they are those of the last one. Rows are read before slot t only.
    """
    first, number = origin
    start, stop = span
    if stop <= start:
        return
    t = int(sums[AT]) - number
    if sums[N] < 0.0 or t > start or (t < start - ANCHOR and width < EXPANDING):
        t = first_anchor(start, width, first, number)
        _form(legs, max(t - width, first), t, sums)
        sums[AT] = number + t
    if t == start:
        _tell(sums, out[:, 0])
    while t + 1 < stop:
        anchor = _next_anchor(t, width, first, number)
        steps = (t + 1, min(stop, anchor), start)
        if is_run(legs, width, first, steps):
            reached = walk_run(legs, width, steps, sums, out)
        else:
            reached = walk(legs, width, first, steps, sums, out)
        if reached < stop:
            t = reached
            _form(legs, max(t - width, first), t, sums)
            if t >= start:
                _tell(sums, out[:, t - start])
        else:
            t = stop - 1
        sums[AT] = number + t


@njit(cache=True, nogil=True)
def first_anchor(t: int, width: int, first: int, number: int) -> int:
    """The newest slot up to t whose sums are formed exactly, as a row."""
    age = t - first
    if age <= 0:
        return t
    doubled = 1
    while doubled * 2 <= min(age, ANCHOR):
        doubled *= 2
    if age <= ANCHOR or width >= EXPANDING:
        return first + doubled
    return max(t - (number + t) % ANCHOR, first + ANCHOR)


@njit(cache=True, nogil=True)
def _next_anchor(t: int, width: int, first: int, number: int) -> int:
    age = t - first
    if age >= ANCHOR:
        return EXPANDING if width >= EXPANDING else t + ANCHOR - (number + t) % ANCHOR
    doubled = 1
    while doubled <= age:
        doubled *= 2
    return first + doubled if age > 0 else t + 1


@njit(cache=True, nogil=True, error_model="numpy")
def _tell(sums: F64, row: F64) -> None:
    """Moments of freshly formed sums, by the same words as in `walk`."""
    n, slope = sums[N], sums[SLOPE]
    share = 1.0 / n
    mr, mu = sums[SR] * share, sums[SU] * share
    row[0] = n
    row[1] = sums[CY] + mr + slope * mu
    row[2] = sums[CX] + mu
    row[3] = slope
    row[4] = sums[SRR] - sums[SR] * mr
    row[5] = sums[SRU] - sums[SR] * mu
    row[6] = sums[SUU] - sums[SU] * mu


@njit(cache=True, nogil=True, error_model="numpy")
def _form(legs: Legs, start: int, stop: int, sums: F64) -> None:
    """Exact sums of the rows [start, stop) about their own means and least-squares line; NaN centre without rows."""
    y, x, skip = legs
    start, stop = max(start, 0), max(stop, 0)
    sums[:AT] = 0.0
    while start < stop and skip[start]:
        start += 1
    if start >= stop:
        sums[CY] = sums[CX] = np.nan
        return
    cy, cx, slope = _reference(legs, start, stop)
    n = 0.0
    r0 = u0 = rr0 = ru0 = uu0 = 0.0
    r1 = u1 = rr1 = ru1 = uu1 = 0.0
    for i in range(start, stop):
        if skip[i]:
            continue
        n += 1.0
        u = x[i] - cx
        r = (y[i] - cy) - slope * u
        if (i - start) & 1:
            r1 += r
            u1 += u
            rr1 += r * r
            ru1 += r * u
            uu1 += u * u
        else:
            r0 += r
            u0 += u
            rr0 += r * r
            ru0 += r * u
            uu0 += u * u
    sums[N], sums[CY], sums[CX], sums[SLOPE] = n, cy, cx, slope
    sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU] = r0 + r1, u0 + u1, rr0 + rr1, ru0 + ru1, uu0 + uu1
    sums[PEAK_R], sums[PEAK_U] = sums[SRR], sums[SUU]


@njit(cache=True, nogil=True)
def _reference(legs: Legs, start: int, stop: int) -> tuple[float, float, float]:
    """A centre and a slope near those of the rows, of which the first is not skipped, from some of them.

    They need not be exact: sums about them are.
    """
    y, x, skip = legs
    y0, x0 = y[start], x[start]
    n = 0
    sy = sx = sxx = sxy = 0.0
    for i in range(start, stop, max(1, (stop - start) // _REFERENCE_ROWS)):
        if not skip[i]:
            n += 1
            dy = y[i] - y0
            dx = x[i] - x0
            sy += dy
            sx += dx
            sxx += dx * dx
            sxy += dx * dy
    centred = sxx - sx * sx / n
    slope = (sxy - sx * sy / n) / centred if centred > ROUNDING * sxx else 0.0
    return y0 + sy / n, x0 + sx / n, slope
