"""Hedge fits of y on x. A method is one module of this package that calls `register`; nothing lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal

import numpy as np

from analytics.core.moments import moments
from market.core.types import F64
from market.errors import LivepairsError


@dataclass(frozen=True, slots=True)
class Line:
    """y = intercept + ratio x. Errors are NaN for methods that have none."""

    ratio: float
    intercept: float
    stderr: float = np.nan
    intercept_stderr: float = np.nan


@dataclass(frozen=True, slots=True)
class HedgeFit:
    """A line fitted to `n` rows, its share of explained variance, or the reason why there is none."""

    method: str
    n: int
    line: Line
    r2: float
    reason: str = ""

    def spread(self, y: F64, x: F64) -> F64:
        """y - (intercept + ratio x) for each row."""
        return y - self.line.intercept - self.line.ratio * x


#: how a live series gets its line: from running sums, by a fit at fixed slots, or from a state that has seen all bars
Live = Literal["rolling", "refit", "memory"]
Fit = Callable[[F64, F64], Line]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to draw the line; `fit` draws it through a window of (y, x)."""

    name: str
    title: str
    live: Live
    fit: Fit

    @property
    def about(self) -> str:
        """What the docstring of its function says."""
        return " ".join((self.fit.__doc__ or "").split())


_METHODS: dict[str, Method] = {}


class FitError(LivepairsError):
    """A method found no line; the message is shown as the reason."""


def register(name: str, title: str, *, live: Live = "refit") -> Callable[[Fit], Fit]:
    """Make a function of (y, x) known as the hedge method `name`; `title` is what people read."""

    def add(fit: Fit) -> Fit:
        if name in _METHODS:
            raise ValueError(f"Two hedge methods are called {name!r}.")
        _METHODS[name] = Method(name, title, live, fit)
        return fit

    return add


def methods() -> list[str]:
    """Names of all hedge methods, the default first."""
    return sorted(_METHODS, key=lambda name: (name != "ols", name))


def method_named(name: str) -> Method:
    """KeyError for an unknown name."""
    return _METHODS[name]


def fit(method: str, y: F64, x: F64) -> HedgeFit:
    """Line of y on x by a method of `methods()`; arrays of shape (n,), no NaN. KeyError for an unknown method."""
    n = len(y)
    _, mean_y, mean_x, syy, sxx, _ = moments(y, x, np.zeros(n, np.bool_), 0, n)
    missing = Line(np.nan, np.nan)
    if n < 3:
        return HedgeFit(method, n, missing, np.nan, f"{n} bars are too few for a line")
    if not sxx > 0.0:
        return HedgeFit(method, n, missing, np.nan, "the hedge leg did not move")
    try:
        line = _METHODS[method].fit(y, x)
    except FitError as error:
        return HedgeFit(method, n, missing, np.nan, str(error))
    residual = (y - mean_y) - line.ratio * (x - mean_x)
    residual += mean_y - line.ratio * mean_x - line.intercept
    return HedgeFit(method, n, line, 1.0 - float(residual @ residual) / syy if syy > 0.0 else np.nan)


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
