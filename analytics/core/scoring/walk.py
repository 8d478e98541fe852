"""Sums moved from slot to slot: bar by bar, or a run of bars in passes that a processor does several at a time."""

import numpy as np
from numba import njit

from analytics.core.scoring.layout import (
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
from market.core.types import F64

#: fewer slots than this are walked one by one
_SHORT_RUN = 16
Triple = tuple[float, float, float]
Seven = tuple[float, float, float, float, float, float, float]
Columns = tuple[F64, F64, F64, F64, F64, F64, F64]


@njit(cache=True, nogil=True, error_model="numpy")
def walk(legs: Legs, width: int, first: int, span: tuple[int, int, int], sums: F64, out: F64) -> int:
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
        if not (rr >= ROUNDING * peak_r and uu >= ROUNDING * peak_u) and (is_bounded or np.isnan(cy)):
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
def is_run(legs: Legs, width: int, first: int, span: tuple[int, int, int]) -> bool:
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
def walk_run(legs: Legs, width: int, span: tuple[int, int, int], sums: F64, out: F64) -> int:
    """`walk` for a run without holes: the same arithmetic, ordered so that several slots are done at once."""
    begin, end, start = span
    y, x, _ = legs
    told = slice(begin - start, end - start)
    come, gone = slice(begin - 1, end - 1), slice(begin - 1 - width, end - 1 - width)
    columns = (out[0, told], out[1, told], out[2, told], out[3, told], out[4, told], out[5, told], out[6, told])
    frame = (sums[CY], sums[CX], sums[SLOPE])
    _changes(y[come], x[come], y[gone], x[gone], frame, columns)
    after = _accumulate((sums[SR], sums[SU], sums[SRR], sums[SRU], sums[SUU], sums[PEAK_R], sums[PEAK_U]), columns)
    if not _centre(sums[N], frame, columns):
        return walk(legs, width, begin - 1 - width, span, sums, out)
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
        unsound += not (rr >= ROUNDING * top_r[k] and uu >= ROUNDING * top_u[k])
        s_r[k] = n
        s_u[k] = cy + mr + slope * mu
        s_rr[k] = cx + mu
        s_ru[k] = slope
        s_uu[k] = rr
        top_r[k] = ru
        top_u[k] = uu
    return unsound == 0
