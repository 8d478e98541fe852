"""What a live series of a pair is made of."""

from dataclasses import dataclass

from analytics.core.hedges import method_named
from analytics.core.scoring.layout import ANCHOR
from analytics.core.windows import Prices, Windows

#: a line that is fitted at fixed slots is fitted this often in the length of its window
REFITS = 24


@dataclass(frozen=True, slots=True)
class ScoreParams:
    """Three windows, the price space of line and spread, the hedge method.

    `started_ms` is the open at which a method that has seen all bars (expanding, kalman) began; None: at the pair's
    first slot.
    """

    windows: Windows
    prices: Prices = "log"
    hedge: str = "ols"
    started_ms: int | None = None

    @property
    def refit_every(self) -> int:
        """Slots between two fits: where the slot's number is a multiple of it."""
        return max(1, self.windows.hedge // REFITS)

    @property
    def lookback(self) -> int:
        """Slots before a scored one that are needed where nothing is known yet of its windows."""
        return self.windows.lookback + max(ANCHOR, self.refit_every) + 1

    @property
    def has_memory(self) -> bool:
        return method_named(self.hedge).live == "memory"
