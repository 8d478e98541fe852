"""The bars of one report: prices in both spaces, log returns, and what one bar is."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.core.moments import Mask, logs
from analytics.core.windows import Prices
from market.core.types import F64, I64

NO_NUMBER = "a price is no number"
NO_LOG = "a price is not positive, so it has no logarithm"
#: times that leave more holes than bars are no grid: rows are taken one after the other
MOST_GAPS = 2


@dataclass(frozen=True)
class Sample:
    """`n` bars of `symbols` (y, x) in order, shape (n,), no NaN; `has_return` (n - 1,) marks true one-bar returns.

    `opened_ms` None: the bars have no time. `rates` are trades a second of each leg, NaN where unknown.
    """

    symbols: tuple[str, str]
    prices: Prices
    y: F64
    x: F64
    opened_ms: I64 | None = None
    has_return: Mask | None = None
    rates: tuple[float, float] = (np.nan, np.nan)

    def __len__(self) -> int:
        return len(self.y)

    @property
    def trouble(self) -> str:
        """Why nothing can be fitted to these prices; empty when something can."""
        if not (np.all(np.isfinite(self.y)) and np.all(np.isfinite(self.x))):
            return NO_NUMBER
        return NO_LOG if self.prices == "log" and not (np.all(self.y > 0.0) and np.all(self.x > 0.0)) else ""

    @cached_property
    def line(self) -> tuple[F64, F64]:
        """Both legs in the price space of the fit."""
        return (logs(self.y), logs(self.x)) if self.prices == "log" else (self.y, self.x)

    @cached_property
    def returns(self) -> tuple[F64, F64] | None:
        """True one-bar log returns of both legs; None where a price is not positive."""
        if not (np.all(self.y > 0.0) and np.all(self.x > 0.0)):
            return None
        both = np.diff(logs(self.y)), np.diff(logs(self.x))
        return both if self.has_return is None else (both[0][self.has_return], both[1][self.has_return])

    @cached_property
    def step_ms(self) -> float:
        """Width of a bar: the median step between opens; NaN without times."""
        if self.opened_ms is None or len(self.opened_ms) < 2:
            return np.nan
        return float(np.median(np.diff(self.opened_ms)))

    @cached_property
    def slots(self) -> tuple[F64, F64, F64, F64]:
        """Log prices and one-bar log returns of both legs on a regular grid of bars, NaN where there are none.

        Empty where a price is not positive.
        """
        if self.returns is None:
            empty = np.empty(0)
            return empty, empty, empty, empty
        n = len(self)
        at = np.arange(n)
        if self.opened_ms is not None and self.step_ms > 0.0:
            regular = np.rint((self.opened_ms - self.opened_ms[0]) / self.step_ms).astype(np.int64)
            if np.all(np.diff(regular) > 0) and regular[-1] < MOST_GAPS * n:
                at = regular
        columns = np.full((4, int(at[-1]) + 1), np.nan)
        log_y, log_x = logs(self.y), logs(self.x)
        columns[0, at], columns[1, at] = log_y, log_x
        is_true = np.diff(at) == 1 if self.has_return is None else self.has_return
        columns[2, at[1:]] = np.where(is_true, np.diff(log_y), np.nan)
        columns[3, at[1:]] = np.where(is_true, np.diff(log_x), np.nan)
        return columns[0], columns[1], columns[2], columns[3]

    @property
    def span_ms(self) -> tuple[int, int] | None:
        """Opens of the first and last bar."""
        return None if self.opened_ms is None else (int(self.opened_ms[0]), int(self.opened_ms[-1]))

    @property
    def bars_per_year(self) -> float:
        """Of 365 days; NaN without times."""
        return 365.0 * 86_400_000.0 / self.step_ms

    @property
    def direction(self) -> str:
        return f"{self.symbols[0]} on {self.symbols[1]}"
