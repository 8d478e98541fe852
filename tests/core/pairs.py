"""Bars and grids of made-up pairs."""

import numpy as np
import numpy.typing as npt

from analytics.core.align import Bars, Grid, align
from market.core.types import BAR_DTYPE, F64, BarFlag, Timeframe

FOREVER = 1 << 50


def bars_of(closes: npt.ArrayLike, *, timeframe: Timeframe = Timeframe.S1, keep: npt.ArrayLike | None = None) -> Bars:
    """Final bars from time 0 on, each with its last tick in the middle; `keep` says which slots traded."""
    close = np.asarray(closes, np.float64)
    bars = np.zeros(len(close), BAR_DTYPE)
    bars["opened_ms"] = np.arange(len(close)) * timeframe.ms
    bars["close"] = close
    bars["last_ms"] = bars["opened_ms"] + timeframe.ms // 2
    bars["flags"] = BarFlag.FINAL
    return bars if keep is None else bars[np.asarray(keep, np.bool_)]


def grid_of(y: Bars, x: Bars, slots: int, *, start: int = 0, first_ms: int | None = None) -> Grid:
    """Grid of the slots [start, slots) of 1 s bars."""
    return align(
        y, x, timeframe=Timeframe.S1, start_ms=start * 1000, stop_ms=slots * 1000, watermark_ms=FOREVER,
        symbols=("ETHUSDT", "BTCUSDT"), first_ms=first_ms,
    )  # fmt: skip


def cointegrated(n: int, seed: int, *, ratio: float = 0.7, half_life: float = 20.0) -> tuple[F64, F64]:
    """Prices (y, x): x a random walk in logs, log y = 1 + ratio log x + AR(1) of the given half-life."""
    random = np.random.default_rng(seed)
    log_x = np.log(60_000.0) + np.cumsum(random.normal(0.0, 1e-3, n))
    phi = 0.5 ** (1.0 / half_life)
    spread = np.zeros(n)
    for t in range(1, n):
        spread[t] = phi * spread[t - 1] + random.normal(0.0, 5e-4)
    return np.exp(1.0 + ratio * log_x + spread), np.exp(log_x)


def cointegrated_logs(n: int, seed: int, *, half_life: float = 20.0) -> tuple[F64, F64]:
    """Log prices of `cointegrated`."""
    y, x = cointegrated(n, seed, half_life=half_life)
    return np.log(y), np.log(x)


def walks(n: int, seed: int) -> tuple[F64, F64]:
    """Log prices of two random walks that know nothing of each other."""
    steps = np.random.default_rng(seed).normal(0.0, 1e-3, (2, n))
    y, x = np.cumsum(steps, axis=1)
    return y + 8.0, x + 11.0
