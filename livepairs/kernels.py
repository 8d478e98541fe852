"""Compile the numba kernels once, at installation: `python -m livepairs.kernels`.

Every process loads them from the cache beside the sources then; without it the first start of each costs many seconds.
"""

import time

import numpy as np

from analytics.core.align import align
from analytics.core.hedges import methods
from analytics.core.report.as_json import as_json
from analytics.core.report.live import live_report
from analytics.core.report.params import ReportParams
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.track import score
from analytics.core.windows import MINIMUM_BARS, Windows
from livepairs.places import BASE_DIR
from market.core.bars import Bars, resample
from market.core.types import TICK_DTYPE, BarFlag, Timeframe

SECONDS = 2 * MINIMUM_BARS
WINDOWS = Windows(hedge=MINIMUM_BARS, z=60, correlation=60)


def warm() -> None:
    """Run every kernel of the live path once on a small made-up pair."""
    y, x = (_bars(seed) for seed in (1, 2))
    stop_ms = SECONDS * 1_000
    grid = align(y, x, timeframe=Timeframe.S1, start_ms=0, stop_ms=stop_ms, watermark_ms=2 * stop_ms)
    for hedge in methods():
        as_json(live_report(score(grid, ScoreParams(WINDOWS, hedge=hedge)), y, x, _report(hedge)))


def forget() -> None:
    """Drop what was compiled: numba looks at a kernel's own file for changes, not at those of the kernels it calls."""
    for core in ("market/core", "analytics/core"):
        for compiled in (BASE_DIR / core).rglob("*.nb[ci]"):
            compiled.unlink(missing_ok=True)


def _report(hedge: str) -> ReportParams:
    return ReportParams(hedge=hedge, hedge_window=WINDOWS.hedge, z_window=WINDOWS.z)


def _bars(seed: int) -> Bars:
    rng = np.random.default_rng(seed)
    ticks = np.zeros(SECONDS, TICK_DTYPE)
    ticks["trade_id"] = np.arange(SECONDS)
    ticks["traded_ms"] = np.arange(SECONDS) * 1_000
    ticks["price"] = np.exp(np.cumsum(rng.normal(0, 1e-3, SECONDS)))
    ticks["size"] = 1.0
    bars = resample(ticks, Timeframe.S1)
    bars["flags"] = BarFlag.FINAL
    return bars


def main() -> None:
    start = time.perf_counter()
    forget()
    warm()
    print(f"The kernels are compiled ({time.perf_counter() - start:.0f} s).")


if __name__ == "__main__":
    main()
