"""What a user chooses of a pair: timeframe, windows, hedge method, price space, lags; as rows and forms name it."""

from dataclasses import dataclass, field
from typing import Any

from analytics.core.stationarity.lags import Lags
from analytics.core.windows import Prices, Windows
from analytics.models import PairSpec
from market.core.types import Timeframe

#: bounds of the windows that forms accept
BOUNDS = {"hedge_window": (60, 10_080), "z_window": (20, 5_000), "correlation_window": (20, 5_000)}
#: more lagged differences than this say nothing about bars
MOST_LAGS = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything of a PairSpec but its legs."""

    timeframe: Timeframe
    windows: Windows
    hedge: str = "ols"
    prices: Prices = "log"
    lags: Lags = field(default_factory=Lags)

    @classmethod
    def default(cls, timeframe: Timeframe = Timeframe.S1) -> "Choice":
        return cls(timeframe, Windows.default(timeframe))

    @classmethod
    def of(cls, spec: PairSpec) -> "Choice":
        return cls(
            Timeframe(spec.timeframe),
            Windows(spec.hedge_window, spec.z_window, spec.correlation_window),
            spec.hedge,
            "raw" if spec.prices == "raw" else "log",
            Lags.parse(spec.lags),
        )

    @property
    def columns(self) -> dict[str, Any]:
        """Columns of PairSpec."""
        return {
            "timeframe": int(self.timeframe),
            "hedge": self.hedge,
            "prices": self.prices,
            "lags": str(self.lags),
            **columns_of(self.windows),
        }


def columns_of(windows: Windows) -> dict[str, int]:
    """Column of PairSpec, and field of the form, of each window."""
    return {
        "hedge_window": windows.hedge,
        "z_window": windows.z,
        "correlation_window": windows.correlation,
    }
