"""What least squares finds of an AR(1) with constant: quantiles of the estimate for any phi and number of bars.

Near a unit root the estimate is far from normal and lies below phi, by an amount that depends on c = n (1 - phi). So
both are counted in c: a table holds for each c of a grid from 0 (unit root) to n (phi = 0) the c that 5, 50 and 95 % of
simulated series exceed. All points of the grid see the same noise, so the table is smooth and rises with c.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numba import njit

from market.core.types import F64

SEED = 20_240_101
#: chances that the estimate of c is below the three columns of a table
PROBABILITIES = (0.95, 0.5, 0.05)
#: a table is made of this many series, or of fewer when they had more than `_BUDGET` bars together
SERIES = 20_000
_BUDGET = 8_000_000
#: series simulated at a time, to bound memory and stay in the processor's cache
_BLOCK = 256
_GRID = (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 40, 60, 80, 120, 160)


@dataclass(frozen=True, slots=True)
class Quantiles:
    """`true` of shape (m,), from 0 on; `found[i]` of shape (3, m): quantiles of the estimate at PROBABILITIES."""

    true: F64
    found: F64

    def invert(self, estimate: float) -> tuple[float, float, float]:
        """c for which the estimate is a quantile: greatest of the 90 % interval, median-unbiased, least.

        0 means that the unit root fits as well.
        """
        least, middle, greatest = (float(np.interp(estimate, row, self.true)) for row in self.found)
        return greatest, middle, least


def quantiles(n: int, simulations: int) -> Quantiles:
    """Table for n bars to two or three digits (1,234 -> 1,200, 123 -> 120), made once for a process.

    From at least `simulations` series, more where they are short. The first call costs up to about 0.2 s of CPU (0.8 s
    at n = 43,200).
    """
    rounded = round(n, -2) if n >= 1_000 else round(n, -1) if n >= 100 else n
    return _table(rounded, max(simulations, min(SERIES, _BUDGET // rounded)))


@lru_cache(maxsize=256)
def _table(n: int, count: int) -> Quantiles:
    true = _grid(n)
    random = np.random.default_rng(SEED)
    found = np.empty((len(true), count))
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        noise = random.standard_normal((n, stop - start))
        for row, c in zip(found, true, strict=True):
            row[start:stop] = c - n * _errors(1.0 - c / n, noise)
    rows = np.quantile(found, PROBABILITIES, axis=1)
    return Quantiles(true, np.maximum.accumulate(rows, axis=1))


def _grid(n: int) -> F64:
    """c from 0 to n, about two points for each doubling."""
    points = [c for c in _GRID if c < n]
    while points[-1] < n / 1.5:
        points.append(points[-2] * 2)
    return np.array([*points, n], np.float64)


@njit(cache=True, nogil=True)
def _errors(phi: float, noise: F64) -> F64:
    """Estimate minus phi for each column of `noise`: stationary AR(1) series, for phi = 1 walks from 0."""
    n, count = noise.shape
    s = noise[0] / np.sqrt(1.0 - phi * phi) if phi < 1.0 else np.zeros(count)
    s1, ss, e1, se = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count)
    for t in range(1, n):
        for j in range(count):
            e = noise[t, j]
            s1[j] += s[j]
            ss[j] += s[j] * s[j]
            e1[j] += e
            se[j] += s[j] * e
            s[j] = phi * s[j] + e
    m = n - 1
    errors: F64 = (se - s1 * e1 / m) / (ss - s1 * s1 / m)
    return errors
