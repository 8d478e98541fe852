"""Default windows of a pair, in bars, and the bounds the forms accept."""

from dataclasses import asdict, dataclass

from market.core.types import Timeframe


@dataclass(frozen=True, slots=True)
class Windows:
    """Bars that the hedge fit, the z-score and the correlation look back on."""

    hedge_window: int
    z_window: int
    correlation_window: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


BOUNDS = {"hedge_window": (60, 10_080), "z_window": (20, 5_000), "correlation_window": (20, 5_000)}
_ONE_SECOND = Windows(hedge_window=3_600, z_window=600, correlation_window=600)
_LONGER = Windows(hedge_window=1_440, z_window=240, correlation_window=240)


def default_windows(timeframe: Timeframe) -> Windows:
    return _ONE_SECOND if timeframe is Timeframe.S1 else _LONGER
