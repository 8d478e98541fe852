"""Running sums of a window of two series: one row enters, one leaves, and every so often they are formed anew.

A window's rows are kept as residuals r = (y - cy) - slope (x - cx) about a reference line and as u = x - cx, so that
nothing cancels when one leg explains the other. Sums are formed exactly, from all rows, where the slot's number
(open / width) is a multiple of ANCHOR, at the ages 1, 2, 4 … ANCHOR of a pair, and where rounding could show. Between
anchors each slot costs the same, whatever the window. The bits of a slot depend on its anchor only: whoever walks from
there, over a year at once or bar by bar with a restart between, gets the same.
"""

import numpy as np
from numba import njit

from analytics.core.moments import Mask
from market.core.types import F64

#: slots between two exact sums (definitions, "kernel anchors")
ANCHOR = 256
#: a central sum below this share of the greatest sum since the anchor is formed anew
_ROUNDING = 1e-4

#: one window: rows in it, centre, reference slope, sums of r, u, rr, ru, uu, greatest rr and uu since the anchor, and
#: the number of the slot that the window ends before; a count below 0 means that nothing is known
N, CY, CX, SLOPE, SR, SU, SRR, SRU, SUU, PEAK_R, PEAK_U, AT = range(12)
SUMS = 12
#: what `roll` tells of each slot: rows, means of y and x, reference slope, central sums of rr, ru and uu
COLUMNS = 7
EXPANDING = 1 << 40
#: rows from which the reference line of exact sums is taken
_REFERENCE_ROWS = 32
#: fewer slots than this are walked one by one
_SHORT_RUN = 16
Triple = tuple[float, float, float]
Seven = tuple[float, float, float, float, float, float, float]
Columns = tuple[F64, F64, F64, F64, F64, F64, F64]


def no_sums() -> F64:
    """Sums of a window of which nothing is known."""
    sums = np.zeros(SUMS)
    sums[N] = -1.0
    return sums


@njit(cache=True, nogil=True, error_model="numpy")
def roll(
    legs: tuple[F64, F64, Mask],
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
        if _is_run(legs, width, first, steps):
            reached = _walk_run(legs, width, steps, sums, out)
        else:
            reached = _walk(legs, width, first, steps, sums, out)
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
def _walk(legs: tuple[F64, F64, Mask], width: int, first: int, span: tuple[int, int, int], sums: F64, out: F64) -> int:
    """Move the window on to the slots span[0] … span[1] - 1; those from span[2] on are told.

    Returns the slot at which the sums must be formed anew, span[1] when that is none of these.
    """
    y, x, skip = legs
    begin, end, start = span
    n, cy, cx, slope = sums[N], sums[CY], sums[CX], sums[SLOPE]
    sr, su, srr, sru, suu = sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU]
    peak_r, peak_u = sums[PEAK_R], sums[PEAK_U]
    share = 1.0 / n
    is_bounded = width < EXPANDING
    for t in range(begin, end):
        i = t - 1
        j = i - width
        r = u = q = v = 0.0
        if not skip[i]:
            u = x[i] - cx
            r = (y[i] - cy) - slope * u
        if j >= first and not skip[j]:
            v = x[j] - cx
            q = (y[j] - cy) - slope * v
            if skip[i]:
                n -= 1.0
                share = 1.0 / n
        elif not skip[i]:
            n += 1.0
            share = 1.0 / n
        sr += r - q
        su += u - v
        srr += r * r - q * q
        sru += r * u - q * v
        suu += u * u - v * v
        peak_r = max(peak_r, srr)
        peak_u = max(peak_u, suu)
        mr = sr * share
        mu = su * share
        rr = srr - sr * mr
        ru = sru - sr * mu
        uu = suu - su * mu
        if not (rr >= _ROUNDING * peak_r and uu >= _ROUNDING * peak_u) and (is_bounded or np.isnan(cy)):
            return t
        if t >= start:
            row = t - start
            out[0, row] = n
            out[1, row] = cy + mr + slope * mu
            out[2, row] = cx + mu
            out[3, row] = slope
            out[4, row] = rr
            out[5, row] = ru
            out[6, row] = uu
    sums[N] = n
    sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU] = sr, su, srr, sru, suu
    sums[PEAK_R], sums[PEAK_U] = peak_r, peak_u
    return end


@njit(cache=True, nogil=True)
def _is_run(legs: tuple[F64, F64, Mask], width: int, first: int, span: tuple[int, int, int]) -> bool:
    """Whether a row enters and one leaves at each of many slots, all of them told."""
    begin, end, start = span
    old = begin - 1 - width
    if end - begin < _SHORT_RUN or begin < start or old < first:
        return False
    come, gone = legs[2][begin - 1 : end - 1], legs[2][old : old + end - begin]
    skipped = np.uint8(0)
    for i in range(len(come)):
        skipped |= np.uint8(come[i]) | np.uint8(gone[i])
    return bool(skipped == 0)


@njit(cache=True, nogil=True, error_model="numpy")
def _walk_run(legs: tuple[F64, F64, Mask], width: int, span: tuple[int, int, int], sums: F64, out: F64) -> int:
    """`_walk` for a run without holes: the same arithmetic, ordered so that several slots are done at once."""
    begin, end, start = span
    y, x, _ = legs
    told = slice(begin - start, end - start)
    come, gone = slice(begin - 1, end - 1), slice(begin - 1 - width, end - 1 - width)
    columns = (out[0, told], out[1, told], out[2, told], out[3, told], out[4, told], out[5, told], out[6, told])
    frame = (sums[CY], sums[CX], sums[SLOPE])
    _changes(y[come], x[come], y[gone], x[gone], frame, columns)
    after = _accumulate((sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU], sums[PEAK_R], sums[PEAK_U]), columns)
    if not _centre(sums[N], frame, columns):
        return _walk(legs, width, begin - 1 - width, span, sums, out)
    sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU], sums[PEAK_R], sums[PEAK_U] = after
    return end


@njit(cache=True, nogil=True, error_model="numpy")
def _changes(new_y: F64, new_x: F64, old_y: F64, old_x: F64, frame: Triple, columns: Columns) -> None:
    """What each slot adds to the sums."""
    s_r, s_u, s_rr, s_ru, s_uu, _, _ = columns
    cy, cx, slope = frame
    for k in range(len(new_y)):
        u = new_x[k] - cx
        r = (new_y[k] - cy) - slope * u
        v = old_x[k] - cx
        q = (old_y[k] - cy) - slope * v
        s_r[k] = r - q
        s_u[k] = u - v
        s_rr[k] = r * r - q * q
        s_ru[k] = r * u - q * v
        s_uu[k] = u * u - v * v


@njit(cache=True, nogil=True, error_model="numpy")
def _accumulate(before: Seven, columns: Columns) -> Seven:
    """Sums and peaks after each slot, in place of its changes."""
    s_r, s_u, s_rr, s_ru, s_uu, top_r, top_u = columns
    sr, su, srr, sru, suu, peak_r, peak_u = before
    for k in range(len(s_r)):
        sr += s_r[k]
        su += s_u[k]
        srr += s_rr[k]
        sru += s_ru[k]
        suu += s_uu[k]
        peak_r = max(peak_r, srr)
        peak_u = max(peak_u, suu)
        s_r[k], s_u[k], s_rr[k], s_ru[k], s_uu[k], top_r[k], top_u[k] = sr, su, srr, sru, suu, peak_r, peak_u
    return sr, su, srr, sru, suu, peak_r, peak_u


@njit(cache=True, nogil=True, error_model="numpy")
def _centre(n: float, frame: Triple, columns: Columns) -> bool:
    """Moments in place of the sums; whether all of them may be believed."""
    s_r, s_u, s_rr, s_ru, s_uu, top_r, top_u = columns
    cy, cx, slope = frame
    share = 1.0 / n
    unsound = 0
    for k in range(len(s_r)):
        mr = s_r[k] * share
        mu = s_u[k] * share
        rr = s_rr[k] - s_r[k] * mr
        ru = s_ru[k] - s_r[k] * mu
        uu = s_uu[k] - s_u[k] * mu
        unsound += not (rr >= _ROUNDING * top_r[k] and uu >= _ROUNDING * top_u[k])
        s_r[k] = n
        s_u[k] = cy + mr + slope * mu
        s_rr[k] = cx + mu
        s_ru[k] = slope
        s_uu[k] = rr
        top_r[k] = ru
        top_u[k] = uu
    return unsound == 0


@njit(cache=True, nogil=True, error_model="numpy")
def _tell(sums: F64, row: F64) -> None:
    """Moments of freshly formed sums, by the same words as in `_walk`."""
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
def _form(legs: tuple[F64, F64, Mask], start: int, stop: int, sums: F64) -> None:
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
def _reference(legs: tuple[F64, F64, Mask], start: int, stop: int) -> tuple[float, float, float]:
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
    slope = (sxy - sx * sy / n) / centred if centred > _ROUNDING * sxx else 0.0
    return y0 + sy / n, x0 + sx / n, slope
