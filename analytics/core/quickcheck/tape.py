"""What a quick check reads: two legs bar by bar with the z-score of each bar, and the rules to trade it by."""

from dataclasses import dataclass

import numpy as np

from analytics.core.windows import Prices
from market.core.bars import LATENESS_MS
from market.core.types import F64, I64

#: slots from a signal to its fill when the bars have no time: the bar after next, as on bars of 3 s and more
BLIND_SLOTS = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """Enter at |z| >= `entry`, leave where z comes back through `exit`; z in deviations.

    `fee_bps` of the notional of each leg of each trade, four a round trip (D17); `latency_ms` from the signal to the
    order at the venue (D18); `gross` notional of both legs together, in the currency of the prices.
    """

    entry: float = 2.0
    exit: float = 0.5
    fee_bps: float = 5.0
    latency_ms: int = 500
    gross: float = 10_000.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.exit < self.entry < np.inf:
            raise ValueError(f"Entry {self.entry:g} and exit {self.exit:g} do not go together: use 0 <= exit < entry.")
        if not (0.0 <= self.fee_bps < np.inf and self.latency_ms >= 0):
            raise ValueError(f"A fee of {self.fee_bps:g} bps or a latency of {self.latency_ms} ms is not possible.")
        if not 0.0 < self.gross < np.inf:
            raise ValueError(f"A gross notional of {self.gross:g} cannot be traded: use more than 0.")


@dataclass(frozen=True, slots=True)
class Tape:
    """Bars of a pair in order, all arrays of shape (n,).

    `opened_ms` their opens, None when only the order is known; `width_ms` of a bar. `fill_y`, `fill_x`: what a fill
    at the bar's open costs, the open of that leg's real bar, NaN where the leg has none. `mark_y`, `mark_x`: closes,
    NaN where missing. `zscore`, `ratio`: what was known when the bar had closed, NaN where nothing was. A ratio of
    `log` prices hedges notional by notional, of `raw` ones unit by unit (D1). Quantities are multiples of the steps;
    0 means any.
    """

    opened_ms: I64 | None
    width_ms: int
    fill_y: F64
    fill_x: F64
    mark_y: F64
    mark_x: F64
    zscore: F64
    ratio: F64
    prices: Prices = "log"
    step_y: float = 0.0
    step_x: float = 0.0

    def __post_init__(self) -> None:
        columns = (self.fill_y, self.fill_x, self.mark_y, self.mark_x, self.zscore, self.ratio)
        sizes = {len(column) for column in columns} | ({len(self.opened_ms)} if self.opened_ms is not None else set())
        if len(sizes) != 1:
            raise ValueError(f"The columns of a tape have {sorted(sizes)} rows; give as many of each.")
        if self.opened_ms is not None and not np.all(np.diff(self.opened_ms) > 0):
            raise ValueError("The bars of a tape are not in rising order of their opens.")
        if not (0.0 <= self.step_y < np.inf and 0.0 <= self.step_x < np.inf):
            raise ValueError(f"Steps of {self.step_y:g} and {self.step_x:g} are not possible.")

    def __len__(self) -> int:
        return len(self.zscore)

    def fill_slots(self, latency_ms: int) -> I64:
        """Where a signal of each bar is filled, shape (n,): n where the tape ends before.

        The first slot that opens at or after e + 2 s + latency, e the end of the bar; without times the bar after
        next. Earlier would look ahead, since the bar is not final before e + 2 s (D18).
        """
        if self.opened_ms is None:
            return np.minimum(np.arange(len(self)) + BLIND_SLOTS, len(self))
        ready_ms = self.opened_ms + self.width_ms + LATENESS_MS + latency_ms
        return np.searchsorted(self.opened_ms, ready_ms).astype(np.int64)
