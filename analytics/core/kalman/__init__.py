"""A hedge ratio that drifts: the two-state Kalman filter and the start that a warm-up gives it (D6)."""

from analytics.core.kalman.filter import KALMAN_OUT, KALMAN_STATE, KalmanPath, kalman_filter, kalman_state, kalman_step
from analytics.core.kalman.warmup import KalmanStart, start

__all__ = [
    "KALMAN_OUT",
    "KALMAN_STATE",
    "KalmanPath",
    "KalmanStart",
    "kalman_filter",
    "kalman_state",
    "kalman_step",
    "start",
]
