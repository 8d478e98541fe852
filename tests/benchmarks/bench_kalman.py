"""The Kalman filter over 10,000 bars against statsmodels' KalmanFilter, CPU time, side by side in one run."""

import json
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from statsmodels.tsa.statespace.kalman_filter import KalmanFilter

from analytics.core.kalman import KalmanPath, kalman_filter, start
from market.core.types import F64
from tests.core.pairs import cointegrated_logs

BARS, WARM_UP = 10_000, 1_440
GOAL, ROUNDS, MOST_APART = 50.0, 9, 1e-12


def main() -> None:
    y, x = cointegrated_logs(WARM_UP + BARS, seed=1)
    begun = start(y[:WARM_UP], x[:WARM_UP])
    y, x = y[WARM_UP:].copy(), x[WARM_UP:].copy()
    missing = np.zeros(BARS, np.bool_)
    reference = _reference(y, x, begun.state)
    apart = _apart(kalman_filter(y, x, missing, begun.state), reference)
    # Side by side, so that a change of the machine's speed hits both
    pairs = [
        (_cpu_us(lambda: kalman_filter(y, x, missing, begun.state), 50), _cpu_us(reference.filter, 1))
        for _ in range(ROUNDS)
    ]
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    row = {
        "name": "kalman_10000",
        "ours": round(ours, 2),
        "baseline": round(theirs, 2),
        "unit": "us CPU",
        "ratio": round(theirs / ours, 1),
        "baseline_name": "statsmodels KalmanFilter.filter",
        "largest_difference": apart,
    }
    print(json.dumps(row), flush=True)
    if theirs / ours < GOAL:
        sys.exit(f"the Kalman filter missed its goal: {theirs / ours:.1f} times statsmodels, not {GOAL:.0f}")
    if not apart <= MOST_APART:
        sys.exit(f"the Kalman filter is {apart:.1e} from statsmodels, more than {MOST_APART:.0e}")


def _reference(y: F64, x: F64, state: F64) -> KalmanFilter:
    """Their filter with our numbers; its initial state is the one predicted for the first bar."""
    a, b, p_aa, p_ab, p_bb, r, q_a, q_b, centre, _ = state
    model = KalmanFilter(k_endog=1, k_states=2)
    model.bind(y)
    model["design"] = np.array([[np.ones(len(x)), x - centre]])
    model["transition"] = model["selection"] = np.eye(2)
    model["state_cov"] = np.diag([q_a, q_b])
    model["obs_cov"] = np.array([[r]])
    model.initialize_known(np.array([a, b]), np.array([[p_aa + q_a, p_ab], [p_ab, p_bb + q_b]]))
    return model


def _apart(path: KalmanPath, reference: KalmanFilter) -> float:
    """Largest difference of innovation, its deviation and hedge ratio."""
    theirs = reference.filter()
    differences = (
        path.innovation - theirs.forecasts_error[0],
        path.std - np.sqrt(theirs.forecasts_error_cov[0, 0]),
        path.ratio - theirs.predicted_state[1, :-1],
    )
    return max(float(np.abs(difference).max()) for difference in differences)


def _cpu_us(work: Callable[[], object], repeat: int) -> float:
    begun = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - begun) / repeat * 1e6


if __name__ == "__main__":
    main()
