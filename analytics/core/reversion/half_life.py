"""How fast a spread comes back: AR(1) half-life with its uncertainty (D12). Not a test: show it beside one."""

import math
from dataclasses import dataclass

import numpy as np
from numba import njit

from analytics.core.moments import moments
from market.core.types import F64

SEED = 20_240_101
#: normals drawn at a time, to bound memory
_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class HalfLife:
    """`bars` = ln 2 / -ln(phi). `low`, `high`: 90 % interval; `bars_corrected`: after the median bias of phi.

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


def half_life(spread: F64, simulations: int = 500) -> HalfLife:
    """Half-life of `spread`, shape (n,), no NaN, from ds_t = c + lambda s_{t-1}, phi = 1 + lambda.

    None when phi is not in (0, 1). Interval and correction come from `simulations` AR(1) series of n bars with this
    phi and a fixed seed (parametric bootstrap): errors of phi found there are taken off the estimate. 0: none.
    """
    n = len(spread)
    phi = ar1(spread)
    if not 0.0 < phi < 1.0:
        reason = _no_half_life(phi)
        return HalfLife(np.nan, phi, np.nan, np.nan, np.nan, n, reason, reason)
    bars = _bars(phi)
    if not simulations:
        return HalfLife(bars, phi, np.nan, np.nan, np.nan, n, interval_reason="not simulated")
    errors = np.quantile(_simulate(phi, n, simulations), [0.05, 0.5, 0.95]) - phi
    high, corrected, low = (_bars(phi - error) for error in errors)
    unbounded = np.isnan(high) or np.isnan(corrected) or np.isnan(low)
    return HalfLife(bars, phi, low, high, corrected, n, interval_reason="unbounded" if unbounded else "")


def _no_half_life(phi: float) -> str:
    if np.isnan(phi):
        return "the spread does not move"
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


def _simulate(phi: float, n: int, count: int) -> F64:
    """Estimates of phi in `count` stationary AR(1) series of n bars."""
    random = np.random.default_rng(SEED)
    result = np.empty(count)
    step = max(1, _BLOCK // n)
    for start in range(0, count, step):
        noise = random.standard_normal((min(step, count - start), n))
        result[start : start + len(noise)] = _estimates(phi, noise)
    return result


@njit(cache=True, nogil=True)
def _estimates(phi: float, noise: F64) -> F64:
    """phi of each row: AR(1) series are built in place of their noise and regressed in the same pass."""
    count, n = noise.shape
    result = np.empty(count)
    for row in range(count):
        s = noise[row, 0] / np.sqrt(1.0 - phi * phi)
        x1 = xx = xd = d1 = 0.0
        for t in range(1, n):
            d = (phi - 1.0) * s + noise[row, t]
            x1 += s
            d1 += d
            xx += s * s
            xd += s * d
            s += d
        m = n - 1
        result[row] = 1.0 + (xd - x1 * d1 / m) / (xx - x1 * x1 / m)
    return result
