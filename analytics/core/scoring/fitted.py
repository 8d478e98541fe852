"""Lines from the moments of windows: least squares and total least squares."""

import numpy as np
from numba import njit

from analytics.core.moments import moments, spread_moments
from analytics.core.reasons import Reason
from analytics.core.scoring.coverage import WARMING, coverage
from analytics.core.scoring.layout import EXPANDING, Legs
from analytics.core.scoring.lines import COUNT, I32, INTERCEPT_STDERR, R2, RATIO, STDERR, X0, Y0
from market.core.types import F64, I64

_FLAT_X, _NO_FIT = int(Reason.FLAT_X), int(Reason.NO_FIT)
#: below this share of what cancels in Syy or SSE they are formed anew
_CANCELLED = 1e-4


@njit(cache=True, nogil=True, error_model="numpy")
def lines_of_moments(
    legs: Legs,
    holes: I64,
    place: tuple[int, int, int, int],
    is_total: bool,
    columns: F64,
    lines: F64,
    reasons: I32,
) -> None:
    """Lines of the slots from window moments; place = (window that must be covered, window summed, first, start).

    b = Sxy / Sxx, or the smallest eigenvector of the covariance (total least squares, which has no standard errors);
    se(b) = sqrt(SSE / (n - 2) / Sxx), se(a) = sqrt(SSE / (n - 2) (1 / n + mean(x)^2 / Sxx)).
    """
    y, x, missing = legs
    cover, width, first, start = place
    for row in range(columns.shape[1]):
        t = start + row
        have, code, a, b = coverage(holes, t, cover, t - first)
        if code > WARMING:
            reasons[row, 0], reasons[row, 1], reasons[row, 2] = code, a, b
            continue
        n, my, mx, slope = columns[0, row], columns[1, row], columns[2, row], columns[3, row]
        rr, ru, uu = columns[4, row], columns[5, row], columns[6, row]
        fitted = slope * slope * uu
        syy = rr + 2.0 * slope * ru + fitted
        if not syy > _CANCELLED * fitted and width < EXPANDING:
            count, my, mx, syy, uu, sxy = moments(y, x, missing, t - have, t)
            n, slope, rr, ru = float(count), 0.0, syy, sxy
        lines[COUNT, row] = n
        if not uu > 0.0:
            reasons[row, 0] = _FLAT_X
            continue
        ratio = slope + ru / uu
        if is_total:
            sxy = ru + slope * uu
            half = (syy - uu) / 2.0
            length = np.hypot(half, sxy)
            ratio = (half + length) / sxy if half >= 0.0 else sxy / (length - half)
            if sxy == 0.0:
                reasons[row, 0] = _NO_FIT
                continue
        off = ratio - slope
        squares = max(rr - 2.0 * off * ru + off * off * uu, 0.0)
        if not squares > _CANCELLED * (rr + off * off * uu) and width < EXPANDING:
            _, _, squares = spread_moments(y, x, missing, t - have, t, ratio, my, mx)
        lines[RATIO, row], lines[Y0, row], lines[X0, row] = ratio, my, mx
        if not is_total:
            variance = squares / (n - 2.0)
            lines[STDERR, row] = np.sqrt(variance / uu)
            lines[INTERCEPT_STDERR, row] = np.sqrt(variance * (1.0 / n + mx * mx / uu))
        if syy > 0.0:
            lines[R2, row] = 1.0 - squares / syy
        reasons[row, 0], reasons[row, 1], reasons[row, 2] = code, a, b
