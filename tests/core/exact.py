"""Engle-Granger by 60-digit arithmetic: the judge where double precision disagrees with itself."""

from itertools import pairwise

from mpmath import mp

from market.core.types import F64


def engle_granger_t(y: F64, x: F64, lag: int) -> float:
    """t-statistic of the residual's lagged level, `lag` lagged differences, no constant in step 2."""
    with mp.workdps(60):
        ys, xs = [[mp.mpf(float(value)) for value in leg] for leg in (y, x)]
        n = len(ys)
        mean_y, mean_x = mp.fsum(ys) / n, mp.fsum(xs) / n
        slope = mp.fsum((b - mean_x) * (a - mean_y) for a, b in zip(ys, xs, strict=True))
        slope /= mp.fsum((b - mean_x) ** 2 for b in xs)
        level = [(a - mean_y) - slope * (b - mean_x) for a, b in zip(ys, xs, strict=True)]
        change = [b - a for a, b in pairwise(level)]
        rows = range(lag, len(change))
        columns = [[level[t] for t in rows]] + [[change[t - i] for t in rows] for i in range(1, lag + 1)]
        target = [change[t] for t in rows]
        gram = mp.matrix([[mp.fdot(a, b) for b in columns] for a in columns])
        inverse = gram**-1
        solution = inverse * mp.matrix([mp.fdot(column, target) for column in columns])
        fitted = [mp.fsum(c * s for c, s in zip(row, solution, strict=True)) for row in zip(*columns, strict=True)]
        squares = mp.fsum((a - b) ** 2 for a, b in zip(target, fitted, strict=True))
        variance = squares / (len(target) - len(columns))
        return float(solution[0] / mp.sqrt(variance * inverse[0, 0]))
