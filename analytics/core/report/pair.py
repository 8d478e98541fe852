"""Everything that is said about a pair over one window of bars. Its JSON form is in `as_json.py`."""

from dataclasses import dataclass

import numpy as np

from analytics.core.breaks import Breaks, Jump, breaks
from analytics.core.dependence.correlation import Correlation, correlation
from analytics.core.dependence.epps import EppsCurve, epps_curve
from analytics.core.dependence.lead_lag import LeadLag, lead_lag
from analytics.core.distribution import Distribution, distribution
from analytics.core.hedges import HedgeFit, Line, fit
from analytics.core.moments import is_flat
from analytics.core.quickcheck import QuickCheck, Tape
from analytics.core.report.check import check_sample
from analytics.core.report.params import ReportParams
from analytics.core.report.parts import Tests, ZScore
from analytics.core.report.sample import Sample
from analytics.core.stationarity.zivot_andrews import ZivotAndrews
from analytics.core.windows import MINIMUM_BARS
from market.core.types import F64

NO_RETURNS = "a price is not positive, so it has no log return"


@dataclass(frozen=True, slots=True)
class Moves:
    """What the log returns of both legs say: together, at lags, at other bar sizes, and each for itself (y, x)."""

    correlation: Correlation
    lead_lag: LeadLag
    epps: EppsCurve
    legs: tuple[Distribution, Distribution]

    @classmethod
    def unknown(cls, reason: str) -> "Moves":
        leg = Distribution(0, np.nan, np.nan, np.nan, np.nan, np.empty(0), np.nan, np.nan, reason)
        epps = EppsCurve(0, (), np.empty(0), (), np.nan, None, reason=reason)
        return cls(Correlation(np.nan, np.nan, 0, reason), LeadLag.unknown(reason), epps, (leg, leg))

    @classmethod
    def of(cls, sample: Sample) -> "Moves":
        """Of true one-bar returns; a pair without them has prices that are not positive."""
        if sample.returns is None:
            return cls.unknown(NO_RETURNS)
        log_y, log_x, returns_y, returns_x = sample.slots
        step_ms = int(sample.step_ms) if sample.step_ms > 0.0 else 0
        rate_y, rate_x = sample.rates
        return cls(
            correlation(*sample.returns),
            lead_lag(returns_y, returns_x),
            epps_curve(log_y, log_x, step_ms, trades_y=rate_y, trades_x=rate_x),
            (distribution(returns_y, sample.bars_per_year), distribution(returns_x, sample.bars_per_year)),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What is said of one sample; a part that is unknown carries its reason.

    `hedge` is the line that describes the bars; of a live spec whose method has memory the one known now.
    """

    sample: Sample
    params: ReportParams
    hedge: HedgeFit
    spread: F64
    zscore: ZScore
    tests: Tests
    moves: Moves
    breaks: Breaks
    tape: Tape | None
    check: QuickCheck

    @property
    def n(self) -> int:
        return len(self.sample)

    @classmethod
    def unknown(cls, symbols: tuple[str, str], params: ReportParams, reason: str) -> "Report":
        """A report that says why there is none."""
        none = np.empty(0)
        return cls(
            sample=Sample(symbols, params.prices, none, none),
            params=params,
            hedge=HedgeFit(params.hedge, 0, Line(np.nan, np.nan), np.nan, reason),
            spread=none,
            zscore=ZScore.unknown(reason),
            tests=Tests.unknown(reason),
            moves=Moves.unknown(reason),
            breaks=_no_breaks(reason),
            tape=None,
            check=QuickCheck.unknown(params.rules, 0, reason),
        )


def pair_report(sample: Sample, params: ReportParams) -> Report:
    """Report of a file's rows, positive when in logs. KeyError for an unknown hedge method.

    Unit-root tests, half-life and random-walk measures need 120 bars. The last bar is scored with a line fitted
    before it; everything else describes all bars.
    """
    n = len(sample)
    if n < 3:
        return Report.unknown(sample.symbols, params, f"{n} bars are too few: at least 3")
    if sample.trouble:
        return Report.unknown(sample.symbols, params, sample.trouble)
    y, x = sample.line
    return describe(sample, params, fit(params.hedge, y, x), zscore(y, x, params), check_sample(sample, params))


def describe(
    sample: Sample, params: ReportParams, hedge: HedgeFit, score: ZScore, check: tuple[Tape | None, QuickCheck]
) -> Report:
    """The parts that need the bars and their line."""
    n = len(sample)
    y, x = sample.line
    spread = hedge.spread(y, x)
    short = f"{n} bars are too few: at least {MINIMUM_BARS}" if n < MINIMUM_BARS else ""
    reason = hedge.reason or short
    return Report(
        sample=sample,
        params=params,
        hedge=hedge,
        spread=spread,
        zscore=score,
        tests=Tests.unknown(reason) if reason else Tests.of(y, x, spread, params),
        moves=Moves.of(sample),
        breaks=_no_breaks(reason) if reason else _breaks(sample, spread, params),
        tape=check[0],
        check=check[1],
    )


def zscore(y: F64, x: F64, params: ReportParams) -> ZScore:
    """D7 score of the last row of (y, x), in the price space of the fit; neither fit nor window holds that row.

    Shown from min(window, 120) rows before it on. NaN with a reason below, and for a spread that does not move.
    """
    before = len(y) - 1
    least = min(params.z_window, MINIMUM_BARS)
    if before < max(least, 3):
        return ZScore.unknown(f"warming up {before} of {max(least, 3)}")
    past = fit(params.hedge, y[:-1], x[:-1])
    if past.reason:
        return ZScore.unknown(past.reason)
    spread = past.spread(y, x)
    window = min(params.z_window, before)
    seen = spread[before - window : before]
    mean, std = float(seen.mean()), float(seen.std(ddof=1))
    std_y = float(y[before - window : before].std(ddof=1))
    if is_flat(std, std_y, abs(float(y[-1])) + abs(past.line.ratio * float(x[-1]))):
        return ZScore(np.nan, window, past.line, mean, std, "the spread did not move")
    return ZScore((float(spread[-1]) - mean) / std, window, past.line, mean, std)


def _breaks(sample: Sample, spread: F64, params: ReportParams) -> Breaks:
    _, _, returns_y, returns_x = sample.slots
    return breaks(returns_y, returns_x, spread, params.lags, symbols=sample.symbols)


def _no_breaks(reason: str) -> Breaks:
    jump = Jump(np.nan, None, np.nan, 0, reason)
    return Breaks((jump, jump), ZivotAndrews.unknown(reason), (), (reason,))
