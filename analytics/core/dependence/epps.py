"""Correlation at growing bar sizes: on short bars a quiet leg hides it (Epps 1979), on long ones it levels out.

    r(m) = corr(y_{t+m} - y_t, x_{t+m} - x_t) over all t (overlapping returns of m steps)

T. W. Epps, "Comovements in Stock Prices in the Very Short Run", JASA 74 (1979) 291-298.
"""

from dataclasses import dataclass

import numpy as np

from analytics.core.dependence.correlation import pearson
from analytics.core.usable import why_untestable
from market.core.types import F64

SIZES = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600)
#: a size is judged from so many returns that do not overlap
LEAST_RETURNS = 20
#: sizes whose mean is the plateau
_LONGEST = 3
#: share of the plateau at which a bar is long enough
ENOUGH = 0.9


@dataclass(frozen=True, slots=True)
class EppsCurve:
    """`correlations` of returns over `sizes` steps of `step_ms`; `n` returns each, of which n / size do not overlap.

    `plateau` is the mean of the three longest sizes, weighted by n / size. `shortest` is the least size whose
    correlation reaches 90 % of it, None when there is no plateau to speak of (inside ±2 standard errors of 0).
    `trades_y` and `trades_x` are trades per second, NaN when unknown.
    """

    step_ms: int
    sizes: tuple[int, ...]
    correlations: F64
    n: tuple[int, ...]
    plateau: float
    shortest: int | None
    trades_y: float = np.nan
    trades_x: float = np.nan
    reason: str = ""

    @property
    def warning(self) -> str:
        """What is wrong with bars of one step; empty when they are long enough or nothing is known."""
        if self.shortest is None or self.shortest == self.sizes[0]:
            return ""
        first = self.correlations[0]
        words = (
            f"Bars of {_seconds(self.step_ms * self.sizes[0])} hide the correlation of these legs: {first:.2f} against "
            f"{self.plateau:.2f} on long bars. Use bars of {_seconds(self.step_ms * self.shortest)} or more."
        )
        quiet = min(self.trades_y, self.trades_x)
        if np.isfinite(quiet) and quiet > 0.0:
            words += f" The quieter leg trades once in {1.0 / quiet:.3g} s."
        return words


def epps_curve(
    log_y: F64,
    log_x: F64,
    step_ms: int,
    sizes: tuple[int, ...] = SIZES,
    *,
    trades_y: float = np.nan,
    trades_x: float = np.nan,
) -> EppsCurve:
    """Curve of log prices of shape (n,), one each `step_ms`, at the `sizes` up to n / 20 steps.

    A price that is no number has no returns; nothing is carried forward here, so n says how much is known. Unknown with
    a reason when a leg does not move or no size has enough returns.
    """
    unknown = (step_ms, (), np.empty(0), (), np.nan, None, trades_y, trades_x)
    known = np.isfinite(log_y) & np.isfinite(log_x)
    reason = why_untestable(log_y[known], log_x[known], least=LEAST_RETURNS)
    if reason:
        return EppsCurve(*unknown, reason)
    kept, correlations, n = [], [], []
    for size in sorted(sizes):
        both = known[size:] & known[:-size]
        count = int(np.count_nonzero(both))
        if count < LEAST_RETURNS * size:
            continue
        value = pearson((log_y[size:] - log_y[:-size])[both], (log_x[size:] - log_x[:-size])[both])
        if np.isfinite(value):
            kept.append(size)
            correlations.append(value)
            n.append(count)
    if not kept:
        return EppsCurve(*unknown, f"no bar size has {LEAST_RETURNS} returns of both legs")
    curve = np.array(correlations)
    apart = np.array(n) / np.array(kept)
    plateau = float(np.average(curve[-_LONGEST:], weights=apart[-_LONGEST:]))
    is_real = abs(plateau) > 2.0 / np.sqrt(apart[-_LONGEST:].max())
    shortest = _shortest(curve, kept, plateau) if is_real else None
    reason = "" if is_real else "the legs are uncorrelated at the longest bar sizes: no plateau"
    return EppsCurve(step_ms, tuple(kept), curve, tuple(n), plateau, shortest, trades_y, trades_x, reason)


def _shortest(curve: F64, sizes: list[int], plateau: float) -> int | None:
    """Of sizes in rising order."""
    return next((m for m, r in zip(sizes, curve, strict=True) if r * np.sign(plateau) >= ENOUGH * abs(plateau)), None)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g} s"
