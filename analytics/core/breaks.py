"""Whether a fit window holds a break across which no line holds (D22): a jump of a leg, or a step of the spread."""

from dataclasses import dataclass

import numpy as np

from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import UnitRoot, adf
from analytics.core.stationarity.zivot_andrews import ZivotAndrews, zivot_andrews
from analytics.core.usable import why_unusable
from market.core.types import F64

#: a one-bar move beyond this many typical moves is a break, not noise
JUMP_LIMIT = 25.0
LEAST_RETURNS = 10


@dataclass(frozen=True, slots=True)
class Jump:
    """Greatest one-bar move in units of the typical one; `at` is its index among the returns, `move` its log return.

    `multiple` is NaN and `at` None when `reason` says why.
    """

    multiple: float
    at: int | None
    move: float
    n: int
    reason: str = ""

    @property
    def is_break(self) -> bool:
        return self.multiple > JUMP_LIMIT


@dataclass(frozen=True, slots=True)
class Breaks:
    """`jumps` of y and x, the step of the spread, and `sentences` for what is a break; none: no break was found.

    The spread has a break where Zivot and Andrews reject at 5 % and ADF, with constant or trend, does not: a spread
    that is stationary without a step rejects both. `unknown` says what could not be judged.
    """

    jumps: tuple[Jump, Jump]
    step: ZivotAndrews
    sentences: tuple[str, ...]
    unknown: tuple[str, ...]


def largest_jump(returns: F64) -> Jump:
    """max |r - median r| over the median of |r - median r|, returns of shape (n,), those that are no number left out.

    A leg that stands still in most bars has the median of the moves that are not 0. Unknown with a reason below 10
    returns and for a leg that never moves.
    """
    known = np.flatnonzero(np.isfinite(returns))
    values = returns[known]
    reason = why_unusable(values, least=LEAST_RETURNS)
    if reason:
        return Jump(np.nan, None, np.nan, len(values), reason.replace("series", "leg").replace("bars", "returns"))
    moves = np.abs(values - np.median(values))
    typical = float(np.median(moves)) or float(np.median(moves[moves > 0.0]))
    greatest = int(np.argmax(moves))
    return Jump(float(moves[greatest]) / typical, int(known[greatest]), float(values[greatest]), len(values))


def breaks(returns_y: F64, returns_x: F64, spread: F64, lags: Lags, *, symbols: tuple[str, str] = ("y", "x")) -> Breaks:
    """Breaks of a fit window: its one-bar log returns (m,) and the spread (n,) that its line left."""
    jumps = largest_jump(returns_y), largest_jump(returns_x)
    step = zivot_andrews(spread, lags)
    legs = tuple(zip(symbols, jumps, strict=True))
    sentences = [_jumped(symbol, jump) for symbol, jump in legs if jump.is_break]
    unknown = [f"{symbol}: {jump.reason}" for symbol, jump in legs if jump.reason]
    if step.reason:
        unknown.append(f"spread: {step.reason}")
    elif step.statistic < step.critical["5%"] and not any(_rejects(test) for test in _without_step(spread, lags)):
        sentences.append(
            f"The spread is stationary only around a step after bar {step.break_at} "
            f"(Zivot-Andrews {step.statistic:.2f}, p = {step.pvalue:.3f}): its line holds on one side only."
        )
    return Breaks(jumps, step, tuple(sentences), tuple(unknown))


def _jumped(symbol: str, jump: Jump) -> str:
    return f"{symbol} moved by {jump.multiple:.0f} times its median move within one bar: a line may not hold across it."


def _without_step(spread: F64, lags: Lags) -> tuple[UnitRoot, UnitRoot]:
    return adf(spread, lags, "c"), adf(spread, lags, "ct")


def _rejects(test: UnitRoot) -> bool:
    return not test.reason and test.statistic < test.critical["5%"]
