"""Ticks to bars: one million ticks of 50 symbols to 1 s bars, against pandas, CPU and wall, in turn in one run."""

import json
import sys
import time
from collections.abc import Callable
from statistics import median

import numpy as np
import pandas as pd

from market.core.bars import Ticks, resample_many
from market.core.types import TICK_DTYPE, Timeframe

TICKS, SYMBOLS, HOUR_MS = 1_000_000, 50, 3_600_000
GOAL, ROUNDS = 4.0, 7
BASELINE = "pandas groupby on (symbol, floored second), same columns"


def main() -> None:
    ticks = hour_of_ticks()
    frame = pd.DataFrame({name: ticks[name] for name in TICK_DTYPE.names or ()})
    _check(ticks, frame)
    # Side by side, so that a change of the machine's speed hits both
    ours, theirs = zip(
        *(
            (_timed(lambda: resample_many(ticks, Timeframe.S1)), _timed(lambda: by_pandas(frame)))
            for _ in range(ROUNDS)
        ),
        strict=True,
    )
    ratios = {}
    for i, kind in enumerate(("cpu", "wall")):
        mine, base = median(run[i] for run in ours), median(run[i] for run in theirs)
        ratios[kind] = base / mine
        row = {
            "name": f"bars_1m_ticks_50_symbols_{kind}",
            "ours": round(mine * 1e3, 2),
            "baseline": round(base * 1e3, 2),
            "unit": "ms",
            "ratio": round(base / mine, 2),
            "baseline_name": BASELINE,
        }
        print(json.dumps(row), flush=True)
    if ratios["cpu"] < GOAL:
        sys.exit(f"bars missed their goal: {ratios['cpu']:.1f} times pandas, not {GOAL}")


def hour_of_ticks() -> Ticks:
    rng = np.random.default_rng(1)
    ticks = np.zeros(TICKS, TICK_DTYPE)
    ticks["instrument"] = rng.integers(1, SYMBOLS + 1, TICKS)
    ticks["traded_ms"] = 1_700_002_800_000 + np.sort(rng.integers(0, HOUR_MS, TICKS))
    ticks["trade_id"] = np.arange(TICKS)
    ticks["price"] = np.round(100 + np.cumsum(rng.normal(0, 0.01, TICKS)), 2)
    ticks["size"] = np.round(rng.exponential(1, TICKS) + 0.001, 3)
    ticks["is_buyer_maker"] = rng.random(TICKS) < 0.5
    return ticks


def by_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """The same bars as ours, all columns, as one writes them with pandas."""
    frame = frame.assign(quote=frame.price * frame["size"], bought=frame["size"].where(~frame.is_buyer_maker, 0.0))
    groups = frame.groupby(["instrument", frame.traded_ms // 1000 * 1000])
    return groups.agg(
        open=("price", "first"),
        high=("price", "max"),
        low=("price", "min"),
        close=("price", "last"),
        volume=("size", "sum"),
        quote_volume=("quote", "sum"),
        buy_volume=("bought", "sum"),
        trades=("price", "count"),
        first_id=("trade_id", "min"),
        last_id=("trade_id", "max"),
        first_ms=("traded_ms", "min"),
        last_ms=("traded_ms", "max"),
    )


def _check(ticks: Ticks, frame: pd.DataFrame) -> None:
    """Both sides give the same bars, or the comparison means nothing."""
    owners, bars = resample_many(ticks, Timeframe.S1)
    expected = by_pandas(frame).reset_index()
    np.testing.assert_array_equal(owners, expected.instrument)
    np.testing.assert_array_equal(bars["opened_ms"], expected.traded_ms)
    for name in ("open", "high", "low", "close", "trades", "first_id", "last_id", "first_ms", "last_ms"):
        np.testing.assert_array_equal(bars[name], expected[name])
    for name in ("volume", "quote_volume", "buy_volume"):
        np.testing.assert_allclose(bars[name], expected[name], rtol=1e-12)


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


if __name__ == "__main__":
    main()
