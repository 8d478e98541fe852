"""The line that a Kalman filter knows after the last row (D6)."""

import numpy as np

from analytics.core.hedges import FitError, Line, register
from analytics.core.kalman import kalman_filter, start
from market.core.types import F64

#: a warm-up is half of the rows, and never more
LONGEST_WARM_UP = 1_440


@register("kalman", "Kalman filter", live="memory")
def kalman(y: F64, x: F64) -> Line:
    """Noise estimated on the first half of the rows (at most 1,440), then the filter over the rest.

    A live series goes on from its own start and warm-up, which the pair spec stores.
    """
    warm = min(len(y) // 2, LONGEST_WARM_UP)
    begun = start(y[:warm], x[:warm])
    if begun.reason:
        raise FitError(begun.reason)
    rest = np.zeros(len(y) - warm + 1, np.bool_)
    rest[-1] = True
    path = kalman_filter(np.append(y[warm:], np.nan), np.append(x[warm:], np.nan), rest, begun.state)
    return Line(
        float(path.ratio[-1]), float(path.intercept[-1]), float(path.ratio_stderr[-1]), float(path.intercept_stderr[-1])
    )
