"""Share of truly cointegrated pairs of the simulated market that each test finds at 5 %. One JSON object a line.

Mid prices at whole seconds of windows that lie far apart, each follower against its leader; the half-lives of their
spreads run from 20 s to 10 min, and what 1,000 bars of a slow one show hardly differs from a walk.
"""

import json
import math
from collections.abc import Callable

import numpy as np

from analytics.core.cointegration.engle_granger import engle_granger, residual_test
from analytics.core.cointegration.johansen import johansen_pair
from analytics.core.cointegration.phillips_ouliaris import phillips_ouliaris
from analytics.core.reversion.half_life import half_life
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import adf
from market.core.types import F64
from market.simulator.market import EPOCH_MS, STEPS, MarketModel, minute_of, model_of
from market.simulator.symbols import CONTRACTS
from market.simulator.truth import Truth, truths

SEED = 1
WINDOWS = 50
MINUTES_APART = 500
LENGTHS = (1_000, 3_600)
#: half-lives in seconds up to which pairs are counted together
GROUPS = (60.0, 180.0, math.inf)

Window = tuple[Truth, F64, F64]
TESTS: dict[str, Callable[[Truth, F64, F64], bool]] = {
    "engle_granger": lambda _, y, x: residual_test(y, x, Lags()).pvalue < 0.05,
    "engle_granger_both_ways": lambda _, y, x: engle_granger(y, x, Lags()).pvalue < 0.05,
    "adf_of_the_true_spread": lambda truth, y, x: adf(y - truth.hedge_ratio * x, Lags()).pvalue < 0.05,
    "johansen_rank_1": lambda _, y, x: johansen_pair(y, x, Lags()).rank == 1,
    "johansen_rank_1_without_drift": lambda _, y, x: johansen_pair(y, x, Lags()).rank_without_drift == 1,
    "phillips_ouliaris_z_t": lambda _, y, x: phillips_ouliaris(y, x).pvalue < 0.05,
    "phillips_ouliaris_p_z": lambda _, y, x: _p_z_rejects(y, x),
}


def main() -> None:
    model = model_of(seed=SEED, contracts=CONTRACTS, rate=100.0)
    for n in LENGTHS:
        windows = [window for truth in truths(SEED) for window in _windows(model, truth, n)]
        for least, most in zip((0.0, *GROUPS[:-1]), GROUPS, strict=True):
            group = [window for window in windows if least < window[0].half_life_seconds <= most]
            _report(group, n, f"half-life {least:g} to {most:g} s" if math.isfinite(most) else f"above {least:g} s")


def _windows(model: MarketModel, truth: Truth, n: int) -> list[Window]:
    return [
        (truth, _seconds(model, truth.y, minute, n), _seconds(model, truth.x, minute, n))
        for minute in (minute_of(EPOCH_MS) + MINUTES_APART * (k + 1) for k in range(WINDOWS))
    ]


def _seconds(model: MarketModel, symbol: str, minute: int, n: int) -> F64:
    """Log mid prices of n whole seconds from the start of a minute on."""
    minutes = range(minute, minute + math.ceil(n / 60))
    return np.concatenate([model.log_prices(symbol, each)[:: STEPS // 60] for each in minutes])[:n]


def _p_z_rejects(y: F64, x: F64) -> bool:
    test = phillips_ouliaris(y, x)
    return test.p_z > test.p_z_critical["5%"]


def _report(group: list[Window], n: int, pairs: str) -> None:
    about = {"bars": n, "windows": len(group), "pairs": pairs}
    for name, is_found in TESTS.items():
        share = 100.0 * float(np.mean([is_found(*window) for window in group]))
        _print(f"power_{name}", round(share, 1), "% found at 5 %", about)
    found = [(half_life(y - truth.hedge_ratio * x), truth.half_life_seconds) for truth, y, x in group]
    held = [one.low <= true and not one.high < true for one, true in found if not one.reason]
    _print("half_life_interval_holds_truth", round(100.0 * float(np.mean(held)), 1), "%", about)
    ratios = [(math.inf if math.isnan(one.bars_corrected) else one.bars_corrected) / true for one, true in found]
    median = float(np.median(ratios))
    _print("half_life_corrected_over_true", round(median, 2) if math.isfinite(median) else None, "median ratio", about)


def _print(name: str, ours: float | None, unit: str, about: dict[str, object]) -> None:
    print(json.dumps({"name": name, "ours": ours, "unit": unit, **about}, allow_nan=False))


if __name__ == "__main__":
    main()
