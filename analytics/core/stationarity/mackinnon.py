"""MacKinnon's p-values (1994, asymptotic) and critical values (2010, for the sample size) of unit-root tests.

J. G. MacKinnon, "Approximate Asymptotic Distribution Functions for Unit-Root and Cointegration Tests", JBES 12 (1994),
and "Critical Values for Cointegration Tests", Queen's WP 1227 (2010), table 2. `series` is 1 for ADF and 2 for
Engle-Granger. The 1 % value of two series with constant has -22.527 as in the paper and Stata; statsmodels and arch
carry -33.527 (0.0003 apart at 200 bars).
"""

import math
from dataclasses import dataclass
from typing import Literal

Trend = Literal["n", "c", "ct"]

LEVELS = ("1%", "5%", "10%")

# b_inf, b1, b2, b3 of crit(T) = b_inf + b1/T + b2/T^2 + b3/T^3, for 1, 5 and 10 %
_CRITICAL: dict[tuple[Trend, int], tuple[tuple[float, ...], ...]] = {
    ("n", 1): ((-2.56574, -2.2358, -3.627, 0), (-1.941, -0.2686, -3.365, 31.223), (-1.61682, 0.2656, -2.714, 25.364)),
    ("c", 1): (
        (-3.43035, -6.5393, -16.786, -79.433),
        (-2.86154, -2.8903, -4.234, -40.04),
        (-2.56677, -1.5384, -2.809, 0),
    ),
    ("c", 2): ((-3.89644, -10.9519, -22.527, 0), (-3.33613, -6.1101, -6.823, 0), (-3.04445, -4.2412, -2.72, 0)),
    ("ct", 1): (
        (-3.95877, -9.0531, -28.428, -134.155),
        (-3.41049, -4.3904, -9.036, -45.374),
        (-3.12705, -2.5856, -3.925, -22.38),
    ),
}


@dataclass(frozen=True, slots=True)
class _Surface:
    """p = Phi(polynomial of t): `small` below `star`, `large` above; 0 below `least`, 1 above `greatest`."""

    least: float
    star: float
    greatest: float
    small: tuple[float, ...]
    large: tuple[float, ...]


_SURFACES: dict[tuple[Trend, int], _Surface] = {
    ("n", 1): _Surface(-19.04, -1.04, math.inf, (0.6344, 1.2378, 0.032496), (0.4797, 0.93557, -0.06999, 0.033066)),
    ("c", 1): _Surface(-18.83, -1.61, 2.74, (2.1659, 1.4412, 0.038269), (1.7339, 0.93202, -0.12745, -0.010368)),
    ("c", 2): _Surface(-18.86, -2.62, 0.92, (2.92, 1.5012, 0.039796), (2.1945, 0.64695, -0.29198, -0.042377)),
    ("ct", 1): _Surface(-16.18, -2.89, 0.7, (3.2512, 1.6047, 0.049588), (2.5261, 0.61654, -0.37956, -0.060285)),
}


def pvalue(statistic: float, trend: Trend, series: int = 1) -> float:
    """Asymptotic p-value of a Dickey-Fuller t-statistic (MacKinnon 1994)."""
    surface = _SURFACES[trend, series]
    if statistic > surface.greatest:
        return 1.0
    if statistic < surface.least:
        return 0.0
    coefficients = surface.small if statistic <= surface.star else surface.large
    return 0.5 * math.erfc(-_polynomial(coefficients, statistic) / math.sqrt(2.0))


def critical_values(n: int, trend: Trend, series: int = 1) -> dict[str, float]:
    """Critical values at 1, 5 and 10 % for `n` observations (MacKinnon 2010)."""
    rows = _CRITICAL[trend, series]
    return {level: _polynomial(row, 1.0 / n) for level, row in zip(LEVELS, rows, strict=True)}


def _polynomial(coefficients: tuple[float, ...], at: float) -> float:
    value = 0.0
    for coefficient in reversed(coefficients):
        value = value * at + coefficient
    return value
