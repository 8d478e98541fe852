"""What a report is made of."""

from dataclasses import dataclass, field

from analytics.core.quickcheck import Rules
from analytics.core.stationarity.lags import Lags
from analytics.core.windows import Prices


@dataclass(frozen=True, slots=True)
class ReportParams:
    """What is computed and how; `simulations` series give the bands of half-life and Hurst exponent, 0 none.

    `hedge_window` is how many bars a live report looks back on, and what the quick check fits its line to; None: the
    bars given, and a quarter of them.
    """

    prices: Prices = "log"
    hedge: str = "ols"
    lags: Lags = field(default_factory=Lags)
    hedge_window: int | None = None
    z_window: int = 240
    simulations: int = 500
    rules: Rules = field(default_factory=Rules)
    #: least quantities of y and of x that the venue trades; 0 means any
    steps: tuple[float, float] = (0.0, 0.0)
