"""How many bars a statistic looks back on, and what it may do with holes in them (definitions D7, Defaults)."""

from dataclasses import dataclass
from typing import Literal

from market.core.types import Timeframe

Prices = Literal["log", "raw"]

#: a first value is shown from here on, as "warming up"; unit-root tests need as many
MINIMUM_BARS = 120
#: of a window, missing and filled bars together; above it the statistic is unknown
HOLES_DIVISOR = 20  # 1/20 = 5 %


@dataclass(frozen=True, slots=True)
class Windows:
    """Bars of the hedge fit, of the z-score and of the correlation."""

    hedge: int
    z: int
    correlation: int

    def __post_init__(self) -> None:
        for name, value, least in (("hedge", self.hedge, 3), ("z", self.z, 2), ("correlation", self.correlation, 3)):
            if value < least:
                raise ValueError(f"The {name} window of {value} bars is too short: use at least {least}.")

    @property
    def lookback(self) -> int:
        """Slots before the scored one that its values depend on."""
        return max(self.hedge, self.z, self.correlation)

    @classmethod
    def default(cls, timeframe: Timeframe) -> "Windows":
        """1,440 / 240 / 240 bars; 3,600 / 600 / 600 on 1 s."""
        return cls(3_600, 600, 600) if timeframe is Timeframe.S1 else cls(1_440, 240, 240)
