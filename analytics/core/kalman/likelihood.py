"""How noisy a pair is and how fast its line drifts: R, q_a and q_b by maximum likelihood on a warm-up (D6).

All in the warm-up's own units, u = (x - mean) / sd and v = OLS residual / sd, so the unit of a price is gone before the
first sum. There the OLS line is zero with covariance R/n times the identity, and with q_a and q_b in multiples of R the
best R is known in closed form (concentrated out). Two numbers are searched: log10 of q_a / R and of q_b / (R + q_a),
the second so that neither R = 0 nor q_a = 0 leaves it undetermined.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from numba import njit

from market.core.types import F64

Loss = Callable[[F64], float]

#: where the search may go, and the points of which the best is its start
WALLS = ((-12.0, 6.0), (-14.0, 4.0))
STARTS = [
    np.array([a, b])
    for a in (-5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 4.0, 6.0)
    for b in (-10.0, -7.0, -5.0, -4.0, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0)
]
#: log-likelihood that a move to a wall may cost, and curvature of a surface that is taken for level
_NOTHING = 1e-6
#: half width of the polish's differences, in powers of ten
_REACH = 0.01
_POLISH_STEPS = 30


def noise_ratios(v: F64, u: F64) -> tuple[float, float, float]:
    """(R, q_a / R, q_b / R) of the most likely noise; v, u of shape (n,) in the warm-up's units, no NaN.

    Nelder-Mead from the best of fixed points, then Newton on differences: a search that compares values stops within
    the square root of rounding, 1e-7, and would let the unit of a price reach the scores.
    """
    from scipy.optimize import minimize

    def loss(point: F64) -> float:
        return float(negative_log_likelihood(v, u, *_ratios(point))[0])

    start = min(STARTS, key=loss)
    found = minimize(loss, start, method="Nelder-Mead", bounds=WALLS, options={"xatol": 1e-4, "fatol": 1e-8})
    a, b = _ratios(_polished(loss, found.x))
    return float(negative_log_likelihood(v, u, a, b)[1]), a, b


def _ratios(point: F64) -> tuple[float, float]:
    """q_a and q_b in multiples of R."""
    a = 10.0 ** float(point[0])
    return a, 10.0 ** float(point[1]) * (1.0 + a)


def _polished(loss: Loss, point: F64) -> F64:
    """The nearest point where all differences vanish, unless it fits worse; what fits as well at a wall goes there."""
    point, is_free = _walled(loss, point)
    found = point
    for _ in range(_POLISH_STEPS):
        step = _newton_step(loss, point, is_free)
        point = np.clip(point + step, *np.transpose(WALLS))
        if float(np.abs(step).max()) < 1e-11:
            break
    return point if loss(point) < loss(found) + _NOTHING else found


def _walled(loss: Loss, point: F64) -> tuple[F64, npt.NDArray[np.bool_]]:
    is_free = np.array([True, True])
    for axis, walls in enumerate(WALLS):
        for wall in walls:
            moved = point.copy()
            moved[axis] = wall
            if is_free[axis] and loss(moved) - loss(point) < _NOTHING:
                point, is_free[axis] = moved, False
    return point, is_free


def _newton_step(loss: Loss, point: F64, is_free: npt.NDArray[np.bool_]) -> F64:
    """Step to the root of the central differences, at most half a power of ten; zero where there is no valley."""
    shifts = (-_REACH, 0.0, _REACH)
    f = np.array([[loss(point + np.array([a, b])) for b in shifts] for a in shifts])
    gradient = np.array([f[2, 1] - f[0, 1], f[1, 2] - f[1, 0]]) / (2.0 * _REACH)
    cross = (f[2, 2] - f[2, 0] - f[0, 2] + f[0, 0]) / 4.0
    bends = np.array([[f[2, 1] - 2.0 * f[1, 1] + f[0, 1], cross], [cross, f[1, 2] - 2.0 * f[1, 1] + f[1, 0]]])
    bends /= _REACH**2
    free = np.flatnonzero(is_free)
    step = np.zeros(2)
    if len(free) and float(np.linalg.eigvalsh(bends[np.ix_(free, free)])[0]) > _NOTHING:
        step[free] = -np.linalg.solve(bends[np.ix_(free, free)], gradient[free])
    return np.clip(step, -0.5, 0.5)


@njit(cache=True, nogil=True)
def negative_log_likelihood(v: F64, u: F64, q_a: float, q_b: float) -> tuple[float, float]:
    """(loss, R): -log L of v without its constant, at its best R; q_a and q_b in multiples of R.

    R = sum(e_t^2 / S_t) / n and loss = (n ln R + sum ln S_t) / 2 with S_t in multiples of R (Harvey 1989, 3.4.2).
    """
    n = len(v)
    a = b = p_ab = squares = log_s = 0.0
    p_aa = p_bb = 1.0 / n
    for t in range(n):
        p_aa += q_a
        p_bb += q_b
        m_a, m_b = p_aa + p_ab * u[t], p_ab + p_bb * u[t]
        s = m_a + m_b * u[t] + 1.0
        e = v[t] - (a + b * u[t])
        squares += e * e / s
        log_s += np.log(s)
        gain_a, gain_b = m_a / s, m_b / s
        a += gain_a * e
        b += gain_b * e
        p_aa -= gain_a * m_a
        p_ab -= gain_a * m_b
        p_bb -= gain_b * m_b
    r = squares / n
    return 0.5 * (n * np.log(r) + log_s), r
