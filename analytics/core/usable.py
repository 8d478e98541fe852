"""Whether legs can carry a statistic at all, asked first by those that take prices as they come."""

import numpy as np

from market.core.types import F64

REPEATS = "its own past explains a leg, or the residual, but for rounding"


def why_unusable(*legs: F64, least: int) -> str:
    """Why nothing can be said of legs of shape (n,): too few bars, a value that is no number, or no movement.

    Empty when all is well. Judged in this order, so that two bars that are equal are "too few".
    """
    n = len(legs[0])
    if n < least:
        return f"{n} bars are too few: at least {least}"
    if not all(np.isfinite(leg).all() for leg in legs):
        return "a value is missing or infinite"
    if any(leg.max() == leg.min() for leg in legs):
        return "the series does not move" if len(legs) == 1 else "a leg does not move"
    return ""


def why_untestable(*legs: F64, least: int) -> str:
    """As `why_unusable`, and a straight line among the legs, whose changes leave no regression anything to explain."""
    reason = why_unusable(*legs, least=max(least, 3))
    if reason or not any(is_straight(leg) for leg in legs):
        return reason
    return "all changes are equal" if len(legs) == 1 else "all changes of a leg are equal"


def is_straight(series: F64) -> bool:
    """Whether all changes of (n,) finite values, n > 1, are equal but for the rounding of the values themselves."""
    return bool(np.ptp(np.diff(series)) <= 4.0 * np.finfo(np.float64).eps * np.abs(series).max())
