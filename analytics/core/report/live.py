"""The report of a live pair: its newest bars, with the line and the score that the series shows."""

from dataclasses import replace

import numpy as np

from analytics.core.align import Bars, Grid, SlotState, real_column
from analytics.core.hedges import HedgeFit, Line, fit, method_named
from analytics.core.moments import Mask
from analytics.core.quickcheck import QuickCheck, Tape
from analytics.core.report.check import check_scores
from analytics.core.report.pair import Report, describe
from analytics.core.report.params import ReportParams
from analytics.core.report.parts import ZScore
from analytics.core.report.sample import NO_NUMBER, Sample
from analytics.core.scoring.scores import Scores
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS


def live_report(scores: Scores, y: Bars, x: Bars, params: ReportParams) -> Report:
    """Report as of the newest slot of a series; `y`, `x` are the bars of the legs over its grid.

    Tests describe the newest hedge window and the bar behind it. Slots without prices are left out; with more than
    5 % missing or filled, or without a price in the last slot, nothing is said but by the quick check of the series.
    """
    found = _sample(scores.grid, y, x, params)
    tape, check = check_scores(scores, y, x, params)
    if isinstance(found, str):
        return _only_check(Report.unknown(scores.grid.symbols, params, found), tape, check)
    return describe(found, params, _line(scores, found, params), _score(scores, params), (tape, check))


def _sample(grid: Grid, y: Bars, x: Bars, params: ReportParams) -> Sample | str:
    """The newest window, or why it says nothing."""
    assert params.hedge_window is not None
    start = max(len(grid) - params.hedge_window - 1, grid.first, 0)
    state = np.where(_is_usable(grid, params), grid.state, SlotState.MISSING)[start:]
    least = min(params.hedge_window, MINIMUM_BARS) + 1
    holes = int(np.count_nonzero(state))
    if len(state) < least:
        return f"warming up {max(len(state), 0)} of {least}"
    if holes * HOLES_DIVISOR > len(state):
        return f"{holes} of {len(state)} bars missing or filled"
    if state[-1] == SlotState.MISSING:
        return grid.why_missing(len(grid) - 1) or NO_NUMBER
    kept = np.flatnonzero(state != SlotState.MISSING)
    is_real = state[kept] == SlotState.REAL
    has_return = (np.diff(kept) == 1) & is_real[1:] & is_real[:-1]
    kept += start
    opened = grid.opened_ms[start:]
    rates = tuple(float(np.nansum(real_column(leg, opened, "trades"))) * 1e3 for leg in (y, x))
    width = len(opened) * grid.timeframe.ms
    return Sample(
        grid.symbols,
        params.prices,
        grid.y[kept],
        grid.x[kept],
        grid.opened_ms[kept],
        has_return,
        (rates[0] / width, rates[1] / width),
    )


def _is_usable(grid: Grid, params: ReportParams) -> Mask:
    """Slots whose prices, if there are any, can be fitted."""
    y, x = grid.y, grid.x
    wrong = np.isinf(y) | np.isinf(x)
    return ~(wrong | (y <= 0.0) | (x <= 0.0)) if params.prices == "log" else ~wrong


def _line(scores: Scores, sample: Sample, params: ReportParams) -> HedgeFit:
    """The line fitted to the sample, or what a method with memory knows now."""
    y, x = sample.line
    if method_named(params.hedge).live != "memory":
        return fit(params.hedge, y, x)
    forming = scores.forming
    if not np.isfinite(forming.ratio):
        return HedgeFit(params.hedge, 0, Line(np.nan, np.nan), np.nan, scores.reason(len(scores) - 1))
    line = Line(forming.ratio, forming.intercept, forming.stderr, forming.intercept_stderr)
    return HedgeFit(params.hedge, forming.n, line, forming.r2)


def _score(scores: Scores, params: ReportParams) -> ZScore:
    """The newest slot as the series shows it."""
    last = len(scores) - 1
    reason = scores.unknown(last).get("zscore", "")
    line = Line(float(scores.hedge_ratio[last]), float(scores.intercept[last]))
    mean, std = float(scores.spread_mean[last]), float(scores.spread_std[last])
    z = float(scores.zscore[last])
    window = min(params.z_window, scores.start + last - scores.grid.first)
    return ZScore(z, window, line, mean, std, "" if np.isfinite(z) else reason)


def _only_check(report: Report, tape: Tape, check: QuickCheck) -> Report:
    return replace(report, tape=tape, check=check)
