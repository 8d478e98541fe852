"""The registry of metrics: what every number is called, means, needs and comes from.

A metric is a module of this package that calls `bar_metric` or `report_metric`; nothing lists them. The pages, the API,
`pairstats`, stored series and the method page read from here, and so shall alert rules and exports.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import numpy as np

from analytics.core.report.pair import Report
from analytics.core.scoring.scores import Scores
from analytics.core.windows import MINIMUM_BARS
from market.core.types import F64

#: sections of the method page and of tables, in their order
GROUPS = {
    "fit": "Hedge fit",
    "spread": "Spread and z-score",
    "cointegration": "Cointegration",
    "stationarity": "Order of integration and breaks",
    "reversion": "Mean reversion",
    "dependence": "Correlation, lead and lag, bar size",
    "legs": "Legs",
    "check": "Quick check",
}
Cadence = Literal["bar", "report"]


@dataclass(frozen=True, slots=True)
class Value:
    """One number with all that it stands on; NaN with a `reason` when unknown. `detail` is for people."""

    number: float
    n: int = 0
    window: int = 0
    direction: str = ""
    prices: str = ""
    warm_up: int = 0
    reason: str = ""
    detail: str = ""

    @classmethod
    def of(
        cls,
        report: Report,
        number: float,
        reason: str = "",
        detail: str = "",
        *,
        n: int | None = None,
        warm_up: int = 0,
    ) -> "Value":
        """A value of a report's own sample, pair and price space; `n` None: from all of its bars."""
        return cls(
            number=float(number),
            n=len(report.sample) if n is None else n,
            window=len(report.sample),
            direction=report.sample.direction,
            prices=report.params.prices,
            warm_up=warm_up or MINIMUM_BARS,
            reason="" if np.isfinite(number) else reason,
            detail=detail if np.isfinite(number) else "",
        )


@dataclass(frozen=True, slots=True)
class Metric:
    """One quantity. `decimals` None: as many as it takes; `warm_up` in words; `source` a paper or definition id.

    A metric of cadence "bar" is a series, one value a bar; one of cadence "report" describes a window of bars and is
    computed on a slower schedule. `unknown` says why a value is missing where the computation gives no reason.
    """

    name: str
    title: str
    group: str
    unit: str
    decimals: int | None
    inputs: str
    parameters: tuple[str, ...]
    warm_up: str
    formula: str
    definition: str
    source: str
    cadence: Cadence
    unknown: str
    series: Callable[[Scores], F64] | None = None
    measure: Callable[[Report], Value] | None = None


_METRICS: dict[str, Metric] = {}


def bar_metric(
    name: str,
    title: str,
    *,
    group: str,
    formula: str,
    definition: str,
    source: str,
    unit: str = "",
    decimals: int | None = 4,
    inputs: str = "closes of both legs",
    parameters: tuple[str, ...] = ("hedge_window",),
    warm_up: str = "first value after min(window, 120) bars, final once the window is full",
    unknown: str = "not known for this bar",
) -> Callable[[Callable[[Scores], F64]], Callable[[Scores], F64]]:
    """Make a function of Scores, which returns shape (n,) with NaN where unknown, known as a metric of each bar."""

    def add(series: Callable[[Scores], F64]) -> Callable[[Scores], F64]:
        _add(
            Metric(
                name, title, group, unit, decimals, inputs, parameters, warm_up, formula, definition, source, "bar",
                unknown, series=series,
            )
        )  # fmt: skip
        return series

    return add


def report_metric(
    name: str,
    title: str,
    *,
    group: str,
    formula: str,
    definition: str,
    source: str,
    unit: str = "",
    decimals: int | None = 4,
    inputs: str = "closes of both legs",
    parameters: tuple[str, ...] = ("hedge_window", "lags"),
    warm_up: str = "120 bars",
    unknown: str = "not known for this window",
) -> Callable[[Callable[[Report], Value]], Callable[[Report], Value]]:
    """Make a function of a Report known as a metric of its window."""

    def add(measure: Callable[[Report], Value]) -> Callable[[Report], Value]:
        _add(
            Metric(
                name, title, group, unit, decimals, inputs, parameters, warm_up, formula, definition, source, "report",
                unknown, measure=measure,
            )
        )  # fmt: skip
        return measure

    return add


def _add(metric: Metric) -> None:
    if metric.name in _METRICS:
        raise ValueError(f"Two metrics are called {metric.name!r}.")
    if metric.group not in GROUPS:
        raise ValueError(f"{metric.name}: there is no group {metric.group!r}; use one of {', '.join(GROUPS)}.")
    _METRICS[metric.name] = metric


def forget(name: str) -> None:
    """Take a metric out again: for tests and extensions that come and go."""
    _METRICS.pop(name, None)


def metrics(cadence: Cadence | None = None) -> list[Metric]:
    """All metrics by group, in the order in which their modules name them; of one cadence if asked."""
    order = list(GROUPS)
    found = [metric for metric in _METRICS.values() if cadence in (None, metric.cadence)]
    return sorted(found, key=lambda metric: order.index(metric.group))


def metric_named(name: str) -> Metric:
    """KeyError for an unknown name."""
    return _METRICS[name]


def value_of(metric: Metric, report: Report) -> Value:
    """What a report says of a metric; a number that is not finite always has a reason."""
    if metric.measure is None:
        raise ValueError(f"{metric.name} is a metric of each bar, not of a report.")
    value = metric.measure(report)
    if np.isfinite(value.number) or value.reason:
        return value
    return Value(
        np.nan, value.n, value.window, value.direction, value.prices, value.warm_up, metric.unknown, value.detail
    )


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
