"""The shapes in which market data travels: columns, not objects. Pure numpy."""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Self

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

#: One tick as it is stored: 8-byte columns first (docs/decisions.md). Times are epoch milliseconds UTC.
TICK_DTYPE = np.dtype(
    [
        ("trade_id", "<i8"),
        ("traded_ms", "<i8"),
        ("price", "<f8"),
        ("size", "<f8"),
        ("instrument", "<i4"),
        ("is_buyer_maker", "?"),
    ]
)


class Timeframe(IntEnum):
    """Width of a bar in seconds. A bar [open, open + width) is named by its open."""

    S1 = 1
    S5 = 5
    S15 = 15
    M1 = 60
    M5 = 300
    M15 = 900
    H1 = 3600

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def ms(self) -> int:
        return int(self) * 1000

    @classmethod
    def from_label(cls, label: str) -> "Timeframe":
        """Timeframe of "1s" … "1h"; ValueError names the allowed ones."""
        for timeframe, text in _LABELS.items():
            if text == label:
                return timeframe
        raise ValueError(f"Unknown timeframe {label!r}: use one of {', '.join(_LABELS.values())}.")


_LABELS = {
    Timeframe.S1: "1s",
    Timeframe.S5: "5s",
    Timeframe.S15: "15s",
    Timeframe.M1: "1m",
    Timeframe.M5: "5m",
    Timeframe.M15: "15m",
    Timeframe.H1: "1h",
}


class BarFlag(IntFlag):
    """FINAL: changes only by revision. GAP: ticks are known to miss. FILLED: carried forward, never stored."""

    NONE = 0
    FINAL = 1
    GAP = 2
    FILLED = 4


#: One bar. `first_ms`/`last_ms` are the event times of its first and last tick, `trades` counts ticks.
BAR_DTYPE = np.dtype(
    [
        ("opened_ms", "<i8"),
        ("open", "<f8"),
        ("high", "<f8"),
        ("low", "<f8"),
        ("close", "<f8"),
        ("volume", "<f8"),
        ("quote_volume", "<f8"),
        ("buy_volume", "<f8"),
        ("trades", "<i8"),
        ("first_id", "<i8"),
        ("last_id", "<i8"),
        ("first_ms", "<i8"),
        ("last_ms", "<i8"),
        ("revision", "<i4"),
        ("flags", "<i4"),
    ]
)


@dataclass(frozen=True, slots=True)
class TickBatch:
    """Ticks of one or more instruments, shape (n,), dtype TICK_DTYPE, in order of arrival."""

    rows: npt.NDArray[np.void]

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def empty(cls) -> Self:
        return cls(np.empty(0, TICK_DTYPE))
