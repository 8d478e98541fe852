"""Odd input gives a reason or a finite number, never a crash or a warning: every statistic on every odd series."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analytics.core.breaks import largest_jump
from analytics.core.cointegration.basket import basket
from analytics.core.cointegration.johansen import johansen_pair
from analytics.core.cointegration.phillips_ouliaris import phillips_ouliaris
from analytics.core.dependence.correlation import correlation
from analytics.core.dependence.epps import epps_curve
from analytics.core.dependence.lead_lag import lead_lag
from analytics.core.distribution import distribution
from analytics.core.hedges import Line
from analytics.core.reversion.half_life import half_life
from analytics.core.reversion.random_walk import hurst, variance_ratio
from analytics.core.spreads import MODES, spread_bps
from analytics.core.stationarity.integration import integration_order
from analytics.core.stationarity.kpss import kpss
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.ljung_box import ljung_box
from analytics.core.stationarity.zivot_andrews import zivot_andrews
from market.core.types import F64


def odd_series(n: int) -> dict[str, F64]:
    random, t = np.random.default_rng(n), np.arange(n, dtype=np.float64)
    walk = 5.0 + 1e-3 * np.cumsum(random.normal(size=n))
    return {
        "walk": walk,
        "noise": random.normal(size=n),
        "constant": np.full(n, 0.1),
        "zero and minus zero": np.where(t % 2 == 0.0, 0.0, -0.0),
        "rounding": 1.0 + 1e-16 * random.normal(size=n),
        "line": 0.1 * t,
        "square": t * t,
        "growing": 1.01**t,
        "shrinking": 0.9**t,
        "wave": np.sin(t / 7.0),
        "alternating": t % 2.0,
        "step": np.where(t > n // 2, 1.0, 0.0),
        "once": np.where(t == n // 2, 1.0, 0.0),
        "first": np.where(t == 0.0, 1.0, 0.0),
        "last": np.where(t == n - 1.0, 1.0, 0.0),
        "ties": np.round(walk, 3),
        "large": 1e12 * walk,
        "small": 1e-12 * walk,
        "missing": np.where(t == n // 3, np.nan, walk),
        "infinite": np.where(t == n // 3, -np.inf, walk),
        "nothing": np.full(n, np.nan),
    }


#: statistic of a series -> (reason, numbers that must be finite without one)
OF_ONE: dict[str, Callable[[F64], tuple[str, list[float]]]] = {
    "kpss level": lambda s: _read(kpss(s), "statistic", "pvalue"),
    "kpss trend": lambda s: _read(kpss(s, "ct"), "statistic", "pvalue"),
    "zivot andrews": lambda s: _read(zivot_andrews(s, Lags()), "statistic", "pvalue"),
    "integration": lambda s: _read(integration_order(s, Lags()), "order"),
    "ljung box": lambda s: _read(ljung_box(s), "q", "pvalue"),
    "half-life": lambda s: _read(half_life(s, 50), "bars"),
    "hurst": lambda s: _read(hurst(s, 20), "value"),
    "variance ratio": lambda s: _read(variance_ratio(s, 5), "z"),
    "distribution": lambda s: _read(distribution(s, 100.0), "volatility", "skew", "excess_kurtosis"),
    "jump": lambda s: _read(largest_jump(s), "multiple", "move"),
}
OF_TWO: dict[str, Callable[[F64, F64], tuple[str, list[float]]]] = {
    "johansen": lambda y, x: _of_johansen(johansen_pair(y, x, Lags())),
    "basket": lambda y, x: _read(basket(np.column_stack([y, x, np.sqrt(np.arange(len(y)))]), Lags()), "intercept"),
    "phillips-ouliaris": lambda y, x: _read(phillips_ouliaris(y, x), "z_t", "p_z", "pvalue"),
    "lead-lag": lambda y, x: _read(lead_lag(y, x, 5), "band", "widest_band"),
    "epps": lambda y, x: _without_plateau(epps_curve(y, x, 1_000)),
}


def _read(result: Any, *names: str) -> tuple[str, list[float]]:
    return result.reason, [np.nan if value is None else value for value in (getattr(result, name) for name in names)]


def _of_johansen(result: Any) -> tuple[str, list[float]]:
    return result.reason, [*result.trace, *result.vector]


def _without_plateau(result: Any) -> tuple[str, list[float]]:
    """A curve of uncorrelated legs has values, and a reason for having no plateau."""
    return "" if len(result.sizes) else result.reason, [result.plateau]


def assert_reason_or_numbers(found: tuple[str, list[float]], about: str) -> None:
    reason, numbers = found
    assert np.isnan(numbers).all() if reason else np.isfinite(numbers).all(), (about, found)


@pytest.mark.parametrize("n", [0, 1, 2, 5, 12, 40, 200])
@pytest.mark.parametrize("statistic", OF_ONE)
def test_of_one_series(statistic: str, n: int) -> None:
    for name, series in odd_series(n).items():
        assert_reason_or_numbers(OF_ONE[statistic](series), name)


@pytest.mark.parametrize("n", [1, 12, 60])
@pytest.mark.parametrize("statistic", OF_TWO)
def test_of_two_series(statistic: str, n: int) -> None:
    series = odd_series(n)
    for name_y, y in series.items():
        for name_x, x in series.items():
            assert_reason_or_numbers(OF_TWO[statistic](y, x), f"{name_y} and {name_x}")


@pytest.mark.parametrize("mode", MODES)
def test_of_spreads(mode: str) -> None:
    series = odd_series(20)
    for y in series.values():
        for x in series.values():
            spread = MODES[mode].of(y, x, Line(0.7, 1.0))
            assert not np.isinf(spread).any()
            assert not np.isinf(spread_bps(mode, spread, y, x, Line(0.7, 1.0))).any()


@pytest.mark.parametrize("name", ["walk", "ties", "noise"])
def test_the_same_leg_twice_is_no_discovery(name: str) -> None:
    leg = odd_series(300)[name]
    assert johansen_pair(leg, leg, Lags()).reason
    assert phillips_ouliaris(leg, leg).reason
    assert correlation(leg, leg).pearson == pytest.approx(1.0)
