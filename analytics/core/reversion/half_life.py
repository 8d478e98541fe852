"""How fast a spread comes back: AR(1) half-life with its uncertainty (D12). Not a test: show it beside one."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.core.moments import moments
from analytics.core.reversion.ar1_quantiles import quantiles
from analytics.core.usable import is_straight, why_unusable
from market.core.types import F64

LEAST_BARS = 10


@dataclass(frozen=True, slots=True)
class HalfLife:
    """`bars` = ln 2 / -ln(phi). `low`, `high`: 90 % interval; `bars_corrected`: median-unbiased.

    Unknown numbers are NaN; `reason` tells why `bars` is, `interval_reason` why one of the others is.
    """

    bars: float
    phi: float
    low: float
    high: float
    bars_corrected: float
    n: int
    reason: str = ""
    interval_reason: str = ""

    @classmethod
    def unknown(cls, reason: str, n: int = 0, phi: float = np.nan) -> "HalfLife":
        return cls(np.nan, phi, np.nan, np.nan, np.nan, n, reason, reason)


def half_life(spread: F64, simulations: int = 500) -> HalfLife:
    """Half-life of `spread`, shape (n,), from ds_t = c + lambda s_{t-1}, phi = 1 + lambda; none unless 0 < phi < 1.

    The corrected one belongs to the phi whose median estimate from n bars is the one found; the ends of the interval
    to those that would give it in 5 % of cases from above and from below (D. W. K. Andrews, "Exactly Median-Unbiased
    Estimation of First Order Autoregressive/Unit Root Models", Econometrica 61 (1993) 139-165). An end without bound
    ("never") is NaN. The quantiles come from at least `simulations` series of n bars (`ar1_quantiles`); 0: none.
    """
    n = len(spread)
    reason = why_unusable(spread, least=LEAST_BARS)
    if reason:
        return HalfLife.unknown(reason.replace("series", "spread"), n)
    phi = ar1(spread)
    if not 0.0 < phi < 1.0 or is_straight(spread):
        return HalfLife.unknown(_no_half_life(phi), n, phi)
    bars = _bars(phi)
    if not simulations:
        return HalfLife(bars, phi, np.nan, np.nan, np.nan, n, interval_reason="not simulated")
    table = quantiles(n, simulations)
    low, corrected, high = (_bars(1.0 - distance / n) for distance in table.invert(n * (1.0 - phi)))
    unbounded = np.isnan(high) or np.isnan(corrected) or np.isnan(low)
    return HalfLife(bars, phi, low, high, corrected, n, interval_reason="unbounded" if unbounded else "")


def _no_half_life(phi: float) -> str:
    if np.isnan(phi):
        return "the spread does not move"
    if 0.0 < phi < 1.0:
        return "all changes of the spread are equal: it does not revert"
    return f"phi = {phi:.4g}: " + ("it does not revert" if phi >= 1.0 else "it forgets within one bar")


def ar1(spread: F64) -> float:
    """phi of s_t = c + phi s_{t-1}; NaN when the spread does not move."""
    before = np.ascontiguousarray(spread[:-1])
    change = np.diff(spread)
    _, _, _, _, sxx, sxy = moments(change, before, np.zeros(len(change), np.bool_), 0, len(change))
    return 1.0 + sxy / sxx if sxx > 0.0 else np.nan


def _bars(phi: float) -> float:
    """ln 2 / -ln(phi); 0 when phi is not above 0, NaN (never) when it is not below 1."""
    if phi <= 0.0:
        return 0.0
    return math.log(2.0) / -math.log(phi) if phi < 1.0 else np.nan
