"""The quick mean-reversion check of a report: the pair's own scores, traded."""

import numpy as np

from analytics.core.align import Bars, Grid, SlotState, real_column
from analytics.core.quickcheck import QuickCheck, Tape, quick_check
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.scoring.params import ScoreParams
from analytics.core.scoring.scores import Scores
from analytics.core.scoring.track import score
from analytics.core.windows import MINIMUM_BARS, Windows
from market.core.types import Timeframe

#: without a hedge window the line is fitted to a quarter of the rows, within these bounds
SHARE, MOST = 4, 1_440


def check_scores(scores: Scores, y: Bars, x: Bars, params: ReportParams) -> tuple[Tape, QuickCheck]:
    """Check of a live series: signals of its z-scores, fills at the opens of the legs' own bars."""
    opened = scores.opened_ms
    slots = slice(scores.start, scores.start + len(scores))
    tape = Tape(
        opened_ms=opened,
        width_ms=scores.grid.timeframe.ms,
        fill_y=real_column(y, opened, "open"),
        fill_x=real_column(x, opened, "open"),
        mark_y=scores.grid.y[slots],
        mark_x=scores.grid.x[slots],
        zscore=scores.zscore,
        ratio=scores.hedge_ratio,
        prices=params.prices,
        step_y=params.steps[0],
        step_x=params.steps[1],
    )
    return tape, quick_check(tape, params.rules)


def check_sample(sample: Sample, params: ReportParams) -> tuple[Tape, QuickCheck]:
    """Check of rows that have one price a bar: it is both the price of a fill and the mark."""
    n = len(sample)
    window = params.hedge_window or min(max(n // SHARE, MINIMUM_BARS), MOST)
    windows = Windows(max(window, 3), max(params.z_window, 2), max(params.z_window, 3))
    scores = score(_rows(sample), ScoreParams(windows, sample.prices, params.hedge))
    tape = Tape(
        opened_ms=sample.opened_ms,
        width_ms=0 if sample.opened_ms is None else int(sample.step_ms),
        fill_y=sample.y,
        fill_x=sample.x,
        mark_y=sample.y,
        mark_x=sample.x,
        zscore=scores.zscore,
        ratio=scores.hedge_ratio,
        prices=sample.prices,
    )
    if n <= window:
        return tape, QuickCheck.unknown(params.rules, n, f"{n} bars: the hedge window alone takes {window}")
    return tape, quick_check(tape, params.rules)


def _rows(sample: Sample) -> Grid:
    """The rows as slots of a grid: the kernels count bars, not seconds."""
    n = len(sample)
    opened = np.arange(n, dtype=np.int64) * Timeframe.S1.ms
    state = np.full(n, SlotState.REAL, np.uint8)
    if sample.has_return is not None:
        state[1:][~sample.has_return] = SlotState.FILLED_BOTH
    return Grid(Timeframe.S1, sample.symbols, opened, sample.y, sample.x, state, opened, opened, 0)
