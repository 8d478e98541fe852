"""Pair statistics against what a user would pick, CPU time, in turn in one run. One JSON object a line."""

import json
import time
from collections.abc import Callable

import numpy as np
from statsmodels.tsa.stattools import coint

from analytics.core.cointegration.engle_granger import residual_test
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.track import score
from analytics.core.stationarity.lags import Lags
from analytics.core.windows import Windows
from market.core.types import F64
from tests.core.pairs import bars_of, cointegrated, grid_of

WINDOWS = Windows(3_600, 600, 600)
SLOTS = 600


def main() -> None:
    y, x = cointegrated(WINDOWS.lookback + SLOTS, seed=1)
    _engle_granger(np.log(y[:3_600]), np.log(x[:3_600]))
    _scores(y, x)


def _engle_granger(y: F64, x: F64) -> None:
    ours = _cpu_us(lambda: residual_test(y, x, Lags()), 200)
    theirs = _cpu_us(lambda: coint(y, x, trend="c", autolag="bic"), 3)
    _report("engle_granger_bic_3600", ours, theirs, "statsmodels coint(autolag='bic')")


def _scores(y: F64, x: F64) -> None:
    grid = grid_of(bars_of(y), bars_of(x), len(y))
    slots = range(WINDOWS.lookback, len(y))
    ours = _cpu_us(lambda: score(grid, ScoreParams(WINDOWS), WINDOWS.lookback), 5) / SLOTS
    log_y, log_x = np.log(y), np.log(x)
    theirs = _cpu_us(lambda: [_numpy_slot(log_y, log_x, t) for t in slots], 3) / SLOTS
    _report("score_slot_3600_600_600", ours, theirs, "numpy polyfit, mean, std and corrcoef of each window")


def _numpy_slot(y: F64, x: F64, t: int) -> tuple[float, float]:
    """z-score and correlation of one slot, written as one would in a notebook."""
    past = slice(t - WINDOWS.hedge, t)
    b, a = np.polyfit(x[past], y[past], 1)
    seen = slice(t - WINDOWS.z, t + 1)
    spread = y[seen] - a - b * x[seen]
    window = slice(t - WINDOWS.correlation, t + 1)
    correlation = np.corrcoef(np.diff(y[window]), np.diff(x[window]))[0, 1]
    return float((spread[-1] - spread[:-1].mean()) / spread[:-1].std(ddof=1)), float(correlation)


def _cpu_us(work: Callable[[], object], repeat: int) -> float:
    """CPU microseconds of one call, compiled and warm."""
    work()
    start = time.process_time()
    for _ in range(repeat):
        work()
    return (time.process_time() - start) / repeat * 1e6


def _report(name: str, ours: float, baseline: float, baseline_name: str) -> None:
    figures = {"ours": round(ours, 2), "baseline": round(baseline, 2), "unit": "us CPU"}
    print(json.dumps({"name": name, **figures, "ratio": round(baseline / ours, 1), "baseline_name": baseline_name}))


if __name__ == "__main__":
    main()
