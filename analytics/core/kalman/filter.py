"""One step of the filter, and the loop over it: history and live stream run the very same step.

State of bar t, a line through the centre c of the warm-up's x: theta_t = (a_t, b_t), theta_t = theta_{t-1} + w_t with
w_t ~ N(0, diag(q_a, q_b)); observation y_t = a_t + b_t (x_t - c) + v_t with v_t ~ N(0, R). The filter only, never the
smoother: what is said about bar t knows the bars before it. Source: Kalman (1960); definition D6.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from analytics.core.moments import Mask
from market.core.types import F64

#: numbers of a state: a, b, P_aa, P_ab, P_bb (after the last bar), R, q_a, q_b, c, bars seen with a price
KALMAN_STATE = 10
_A, _B, _P_AA, _P_AB, _P_BB, _R, _Q_A, _Q_B, _CENTRE, _COUNT = range(KALMAN_STATE)
#: numbers that a step says of its bar: ratio, intercept, innovation, its deviation, both standard errors
KALMAN_OUT = 6

#: what a bar changes (a, b, P_aa, P_ab, P_bb, bars seen), what it leaves (R, q_a, q_b, c), what is said of it
Line = tuple[float, float, float, float, float, float]
Noise = tuple[float, float, float, float]
Row = tuple[float, float, float, float, float, float]

NO_START = "the Kalman filter has no start"


@dataclass(frozen=True, slots=True)
class KalmanPath:
    """What was known of each bar before it came: arrays of shape (n,), and the `state` after the last one.

    y = `intercept` + `ratio` x is the line predicted for the bar, with standard errors; `innovation` is y minus that
    line and `std` its predicted deviation sqrt(S), both in units of y and NaN where the bar has no price.
    """

    ratio: F64
    intercept: F64
    innovation: F64
    std: F64
    ratio_stderr: F64
    intercept_stderr: F64
    state: F64
    reason: str = ""

    def __len__(self) -> int:
        return len(self.ratio)

    @property
    def score(self) -> F64:
        """e_t / sqrt(S_t): the surprise of one bar in deviations, not a distance from equilibrium; NaN as these are."""
        return self.innovation / self.std


def kalman_state(line: tuple[float, float], covariance: F64, noise: tuple[float, float, float], centre: float) -> F64:
    """State with given numbers: `line` (a, b) with its `covariance` (2, 2) after the last bar, `noise` (R, q_a, q_b).

    The first step adds q to the covariance before its bar; statsmodels' initial state is the one after that.
    """
    return np.array(
        [*line, covariance[0, 0], covariance[0, 1], covariance[1, 1], *noise, centre, 0.0],
        np.float64,
    )


def kalman_filter(y: F64, x: F64, missing: Mask, state: F64) -> KalmanPath:
    """Path over the bars (n,) that follow `state`, which is left as it is; `missing` bars are predicted only.

    A price that is not finite counts as missing. Without a start every value is NaN, with the reason.
    """
    after = np.array(state, np.float64)
    out = np.empty((KALMAN_OUT, len(y)))
    reason = "" if np.all(np.isfinite(after)) else NO_START
    if reason:
        out[:] = np.nan
    else:
        y, x = (np.ascontiguousarray(leg, np.float64) for leg in (y, x))
        _run(y, x, np.ascontiguousarray(missing, np.bool_), after, out)
    ratio, intercept, innovation, std, ratio_stderr, intercept_stderr = out
    return KalmanPath(ratio, intercept, innovation, std, ratio_stderr, intercept_stderr, after, reason)


@njit(cache=True, nogil=True)
def _run(y: F64, x: F64, missing: Mask, state: F64, out: F64) -> None:
    line, noise = _unpacked(state)
    for t in range(len(y)):
        line, row = _bar(line, noise, y[t], x[t], missing[t])
        for i in range(KALMAN_OUT):
            out[i, t] = row[i]
    _pack(line, state)


@njit(cache=True, nogil=True)
def kalman_step(state: F64, y: float, x: float, is_missing: bool, out: F64) -> None:
    """Say in `out` (KALMAN_OUT,) what `state` (KALMAN_STATE,) predicts of a bar, then learn from the bar in place.

    A bar that is missing, or whose numbers are not finite, has no innovation and adds q to the covariance only.
    """
    line, noise = _unpacked(state)
    line, row = _bar(line, noise, y, x, is_missing)
    for i in range(KALMAN_OUT):
        out[i] = row[i]
    _pack(line, state)


@njit(cache=True, nogil=True)
def _unpacked(state: F64) -> tuple[Line, Noise]:
    line = (state[_A], state[_B], state[_P_AA], state[_P_AB], state[_P_BB], state[_COUNT])
    return line, (state[_R], state[_Q_A], state[_Q_B], state[_CENTRE])


@njit(cache=True, nogil=True)
def _pack(line: Line, state: F64) -> None:
    state[_A], state[_B], state[_P_AA], state[_P_AB], state[_P_BB], state[_COUNT] = line


@njit(cache=True, nogil=True, error_model="numpy")
def _bar(line: Line, noise: Noise, y: float, x: float, is_missing: bool) -> tuple[Line, Row]:
    """The line after the bar and what was predicted of it; scalars only, since memory would double its time.

    S = h'Ph + R with h = (1, x - c) and P the predicted covariance, written so that few steps wait for each other;
    gain = Ph / S.
    """
    a, b, p_aa, p_ab, p_bb, count = line
    r, q_a, q_b, centre = noise
    h = x - centre
    s = (p_aa + p_ab * (2.0 * h)) + (p_bb * (h * h) + (q_a + q_b * (h * h) + r))
    e = y - (a + b * h)
    p_aa += q_a
    p_bb += q_b
    variance = p_aa - centre * (2.0 * p_ab - centre * p_bb)
    intercept_stderr = np.sqrt(0.0 if variance < 0.0 else variance)
    if is_missing or not np.isfinite(e) or not np.isfinite(s) or not s > 0.0:
        row = (b, a - b * centre, np.nan, np.nan, np.sqrt(p_bb), intercept_stderr)
        return (a, b, p_aa, p_ab, p_bb, count), row
    row = (b, a - b * centre, e, np.sqrt(s), np.sqrt(p_bb), intercept_stderr)
    m_a, m_b = p_aa + p_ab * h, p_ab + p_bb * h
    gain_a, gain_b = m_a / s, m_b / s
    a, b = a + gain_a * e, b + gain_b * e
    return (a, b, p_aa - gain_a * m_a, p_ab - gain_a * m_b, p_bb - gain_b * m_b, count + 1.0), row
