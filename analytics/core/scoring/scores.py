"""The statistics of a pair at each slot of a grid, for history and for the live stream by the same kernels.

For slot t, with W bars of a window counted back from t and the rows that have no price left out:

- line b, a: by the hedge method, over slots before t only (`lines.py`); OLS of t-W_b … t-1 unless the spec says else;
- spread at t: y_t - (a + b x_t);
- z-score (D7): (spread_t - mean) / std, ddof 1, over the spreads of t-W_z … t-1 *with the same a and b*: the scored
  slot is neither in its own window nor in the fit;
- correlation (D15): Pearson of the W_c log returns that end at t, between adjacent slots where both legs are real.

Nothing depends on a slot after t, and the bits of a slot on its anchors only (`sums.py`): scoring slots one by one as
they come gives the same bits as scoring a year at once. Log or raw prices by choice; the correlation is of logs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analytics.core.align import Grid
from analytics.core.reasons import Reason, sentence
from analytics.core.scoring.lines import COUNT, I32, INNOVATION, INTERCEPT_STDERR, R2, RATIO, STDERR, X0, Y0
from analytics.core.scoring.slots import CORRELATION, SPREAD, SPREAD_MEAN, SPREAD_STD, ZSCORE
from market.core.types import F64, I64

#: columns of `Scores.reasons`, named as in `Snapshot`
QUANTITIES = ("hedge_ratio", "spread", "zscore", "correlation")
_HEDGE, _SPREAD, _Z, _CORRELATION = range(len(QUANTITIES))


@dataclass(frozen=True, slots=True)
class Forming:
    """What the next slot will be scored with: z of the forming bar = ((y - a - b x) - mean) / std. NaN: unknown."""

    ratio: float
    intercept: float
    mean: float
    std: float
    stderr: float = np.nan
    intercept_stderr: float = np.nan
    r2: float = np.nan
    n: int = 0

    def zscore(self, y: float, x: float) -> float:
        """z of prices in the space of the fit; NaN while a part is unknown."""
        return ((y - self.intercept - self.ratio * x) - self.mean) / self.std if self.std > 0.0 else np.nan


@dataclass(frozen=True, slots=True)
class Scores:
    """Statistics of `opened_ms`: arrays of shape (n,), NaN where unknown. `grid` holds these slots from `start` on.

    `n_valid` counts the rows of the hedge fit. `reasons` has shape (n, 4, 3): for each of QUANTITIES a Reason with
    its two numbers. A value that is warming up is shown and has a reason too. `innovation` is the Kalman filter's
    e_t / sqrt(S_t). `memories` is the state of a method with memory after some of the slots, by row.
    """

    grid: Grid
    start: int
    hedge_ratio: F64
    intercept: F64
    stderr: F64
    intercept_stderr: F64
    r2: F64
    spread: F64
    zscore: F64
    correlation: F64
    innovation: F64
    spread_mean: F64
    spread_std: F64
    n_valid: I32
    reasons: I32
    forming: Forming
    memories: Mapping[int, F64] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.hedge_ratio)

    @classmethod
    def of(
        cls,
        grid: Grid,
        start: int,
        kernels: tuple[F64, F64, I32],
        memories: Mapping[int, F64],
        notes: list[str],
    ) -> "Scores":
        """From the kernels' columns of the slots [start, …] and of the one that forms behind them."""
        lines, values, reasons = kernels
        n = lines.shape[1] - 1
        intercept = lines[Y0] - lines[RATIO] * lines[X0]
        forming = Forming(
            ratio=float(lines[RATIO, n]),
            intercept=float(intercept[n]),
            mean=float(values[SPREAD_MEAN, n]),
            std=float(values[SPREAD_STD, n]),
            stderr=float(lines[STDERR, n]),
            intercept_stderr=float(lines[INTERCEPT_STDERR, n]),
            r2=float(lines[R2, n]),
            n=int(lines[COUNT, n]),
        )
        return cls(
            grid=grid,
            start=start,
            hedge_ratio=lines[RATIO, :n],
            intercept=intercept[:n],
            stderr=lines[STDERR, :n],
            intercept_stderr=lines[INTERCEPT_STDERR, :n],
            r2=lines[R2, :n],
            spread=values[SPREAD, :n],
            zscore=values[ZSCORE, :n],
            correlation=values[CORRELATION, :n],
            innovation=lines[INNOVATION, :n],
            spread_mean=values[SPREAD_MEAN, :n],
            spread_std=values[SPREAD_STD, :n],
            n_valid=lines[COUNT, :n].astype(np.int32),
            reasons=reasons[:n],
            forming=forming,
            memories={row - 1: memory for row, memory in memories.items() if row > 0},
            notes=tuple(notes),
        )

    @property
    def opened_ms(self) -> I64:
        return self.grid.opened_ms[self.start : self.start + len(self)]

    def unknown(self, row: int) -> dict[str, str]:
        """Reason of each quantity of a row that is null or still warming up; `intercept` goes with `hedge_ratio`."""
        return {name: text for column, name in enumerate(QUANTITIES) if (text := self._sentence(row, column))}

    def reason(self, row: int) -> str:
        """The one reason that matters most: of the z-score, else the hedge ratio, else the correlation."""
        return next((text for q in (_Z, _HEDGE, _CORRELATION) if (text := self._sentence(row, q))), "")

    def _sentence(self, row: int, column: int) -> str:
        code, have, need = (int(number) for number in self.reasons[row, column])
        if code == Reason.STALE:
            return self.grid.why_missing(self.start + row) or "a price is no number"
        if code == Reason.NO_FIT and have < len(self.notes) and self.notes[have]:
            return self.notes[have]
        return sentence(Reason(code), have, need)
