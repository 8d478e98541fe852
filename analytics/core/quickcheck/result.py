"""What came of a quick check."""

from dataclasses import dataclass

import numpy as np

from analytics.core.quickcheck.tape import Rules
from market.core.types import F64


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One trade of the spread: `side` +1 bought (y long), -1 sold; quantities signed, in units of each leg.

    Slots count from 0; times are their opens, None without. A trade that is still open has no `left_slot`, and its
    exit prices are the last marks. `gross` = q_y (exit_y - entry_y) + q_x (exit_x - entry_x); `fees` paid so far.
    """

    entered_slot: int
    left_slot: int | None
    entered_ms: int | None
    left_ms: int | None
    side: int
    quantity_y: float
    quantity_x: float
    entry_y: float
    entry_x: float
    exit_y: float
    exit_x: float
    gross: float
    fees: float
    bars: int

    @property
    def net(self) -> float:
        return self.gross - self.fees

    @property
    def notional(self) -> float:
        """Of both legs at the entry."""
        return abs(self.quantity_y) * self.entry_y + abs(self.quantity_x) * self.entry_x

    @property
    def net_return(self) -> float:
        """Net on the gross notional of both legs (D18)."""
        return self.net / self.notional


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """Result of a check over `n` bars; all money in the currency of the prices, NaN with a `reason` when unknown.

    `equity` (n,): net P&L up to each bar's close, an open trade at its marks; the last value is `net` = `gross` -
    `fees`. `trades` are round trips, `open_trade` is none. `missed` orders found a leg without a bar, `too_small` ones
    less than a step. `sharpe` of daily P&L, a year of 365 days (D21), NaN with `sharpe_reason`.
    """

    rules: Rules
    n: int
    equity: F64
    gross: float
    fees: float
    trades: tuple[RoundTrip, ...]
    open_trade: RoundTrip | None
    missed: int
    too_small: int
    sharpe: float
    sharpe_reason: str
    reason: str = ""

    @property
    def net(self) -> float:
        return self.gross - self.fees

    @property
    def net_return(self) -> float:
        """Net on the gross notional that was asked for."""
        return self.net / self.rules.gross

    @property
    def win_rate(self) -> float:
        """Share of round trips that brought more than their fees; NaN without one."""
        return sum(trade.net > 0.0 for trade in self.trades) / len(self.trades) if self.trades else np.nan

    @property
    def mean_bars(self) -> float:
        """Bars that a round trip was held, on average; NaN without one."""
        return sum(trade.bars for trade in self.trades) / len(self.trades) if self.trades else np.nan

    @property
    def drawdown(self) -> float:
        """Largest fall of the equity from a height it had, at least from 0."""
        if self.reason:
            return np.nan
        return float(np.max(np.maximum(np.maximum.accumulate(self.equity), 0.0) - self.equity, initial=0.0))

    @classmethod
    def unknown(cls, rules: Rules, n: int, reason: str) -> "QuickCheck":
        return cls(rules, n, np.full(n, np.nan), np.nan, np.nan, (), None, 0, 0, np.nan, reason, reason)
