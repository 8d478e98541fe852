"""Ways to say how far two legs are apart. A mode has a unit, and can be turned into basis points of what is traded."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analytics.core.hedges import Line
from analytics.core.moments import logs
from market.core.types import F64

Spread = Callable[[F64, F64, Line], F64]
#: (deviation, y, x, line) -> value of the deviation over the gross notional of both legs
Share = Callable[[F64, F64, F64, Line], F64]


@dataclass(frozen=True, slots=True)
class SpreadMode:
    """`of` prices (y, x) of shape (n,) and a line; `unit` of its values; `share` of the notional they are worth."""

    name: str
    title: str
    unit: str
    of: Spread
    share: Share


def log_residual(y: F64, x: F64, line: Line) -> F64:
    """ln y - a - b ln x, of a line fitted in logs; NaN where a price is not positive."""
    return _logs(y) - line.intercept - line.ratio * _logs(x)


def log_ratio(y: F64, x: F64, line: Line) -> F64:
    """ln y - ln x: the log residual of b = 1 and a = 0, whatever the line; NaN where a price is not positive."""
    return _logs(y) - _logs(x)


def raw_residual(y: F64, x: F64, line: Line) -> F64:
    """y - a - b x, of a line fitted to raw prices."""
    return _finite(y) - line.intercept - line.ratio * _finite(x)


def ratio(y: F64, x: F64, line: Line) -> F64:
    """y / x, whatever the line; NaN where x is 0."""
    return _finite(y) / np.where(x != 0.0, _finite(x), np.nan)


def spread_bps(mode: str, deviation: F64, y: F64, x: F64, line: Line) -> F64:
    """What a deviation of the spread from its equilibrium is worth, in basis points of the gross notional of both legs.

    Who shorts the spread and sees the deviation go to 0 while x stands still gains so much before costs. The position
    is 1 of Y against, by mode:

        log residual   notional b of X for notional 1 of Y    10,000 d / (1 + |b|), first order in d
        log ratio      notional 1 of X                        10,000 d / 2, first order in d
        raw residual   b units of X for 1 unit of Y           10,000 d / (|y| + |b x|)
        ratio          y/x - d units of X for 1 unit of Y     10,000 d x / (|y| + |(y/x - d) x|)

    Arrays of shape (n,); NaN where a price or the deviation is. KeyError for an unknown mode.
    """
    return 10_000.0 * MODES[mode].share(_finite(deviation), _finite(y), _finite(x), line)


def _log_residual_share(deviation: F64, y: F64, x: F64, line: Line) -> F64:
    return deviation / (1.0 + abs(line.ratio))


def _log_ratio_share(deviation: F64, y: F64, x: F64, line: Line) -> F64:
    return deviation / 2.0


def _raw_residual_share(deviation: F64, y: F64, x: F64, line: Line) -> F64:
    return deviation / _known(np.abs(y) + np.abs(line.ratio * x))


def _ratio_share(deviation: F64, y: F64, x: F64, line: Line) -> F64:
    return deviation * x / _known(np.abs(y) + np.abs(y - deviation * x))


MODES = {
    mode.name: mode
    for mode in (
        SpreadMode("log-residual", "log residual", "log", log_residual, _log_residual_share),
        SpreadMode("log-ratio", "log ratio", "log", log_ratio, _log_ratio_share),
        SpreadMode("raw-residual", "raw residual", "price of y", raw_residual, _raw_residual_share),
        SpreadMode("ratio", "ratio", "x per y", ratio, _ratio_share),
    )
}
DEFAULT = "log-residual"


def _logs(prices: F64) -> F64:
    return logs(np.where(prices > 0.0, _finite(prices), np.nan))


def _finite(values: F64) -> F64:
    """NaN for what is infinite: an infinity would hide in sums and ratios."""
    return np.where(np.isfinite(values), values, np.nan)


def _known(notional: F64) -> F64:
    """NaN where nothing is held."""
    return np.where(notional > 0.0, notional, np.nan)
