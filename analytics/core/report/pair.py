"""Everything that is said about a pair over one window of bars. Its JSON form is in `as_json.py`."""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.engle_granger import EngleGranger, engle_granger
from analytics.core.cointegration.johansen import Johansen, johansen_pair
from analytics.core.dependence.correlation import Correlation, correlation
from analytics.core.hedges import HedgeFit, Line, fit
from analytics.core.moments import is_flat
from analytics.core.quickcheck import QuickCheck, Tape
from analytics.core.report.check import check_sample
from analytics.core.report.params import ReportParams
from analytics.core.report.sample import Sample
from analytics.core.reversion.half_life import HalfLife, half_life
from analytics.core.reversion.random_walk import HORIZONS, Hurst, VarianceRatio, hurst, variance_ratio
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import UnitRoot, adf
from analytics.core.windows import MINIMUM_BARS
from market.core.types import F64


@dataclass(frozen=True, slots=True)
class ZScore:
    """The last bar scored by D7: line fitted to the bars before it, mean and std of the `window` spreads before it."""

    value: float
    window: int
    line: Line
    mean: float
    std: float
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "ZScore":
        return cls(np.nan, 0, Line(np.nan, np.nan), np.nan, np.nan, reason)


@dataclass(frozen=True, slots=True)
class Tests:
    """What needs many bars and a spread."""

    adf: UnitRoot
    engle_granger: EngleGranger
    johansen: Johansen
    half_life: HalfLife
    hurst: Hurst
    variance_ratios: tuple[VarianceRatio, ...]
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "Tests":
        test = UnitRoot.unknown(reason)
        half_life = HalfLife(np.nan, np.nan, np.nan, np.nan, np.nan, 0, reason, reason)
        return cls(
            test,
            EngleGranger(test, test),
            Johansen.unknown(reason),
            half_life,
            Hurst(np.nan, (np.nan,) * 2),
            (),
            reason,
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
    correlation: Correlation
    #: greatest one-bar move of each leg in units of its median absolute move
    jumps: tuple[float, float]
    #: a unit-root test of each leg and of its change (D11); empty where there are too few bars
    orders: tuple[tuple[UnitRoot, UnitRoot], ...]
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
            Sample(symbols, params.prices, none, none),
            params,
            HedgeFit(params.hedge, 0, Line(np.nan, np.nan), np.nan, reason),
            none,
            ZScore.unknown(reason),
            Tests.unknown(reason),
            Correlation(np.nan, np.nan, 0, reason),
            (0.0, 0.0),
            (),
            None,
            QuickCheck.unknown(params.rules, 0, reason),
        )


def pair_report(sample: Sample, params: ReportParams) -> Report:
    """Report of a file's rows, positive when in logs. KeyError for an unknown hedge method.

    Unit-root tests, half-life and random-walk measures need 120 bars. The last bar is scored with a line fitted
    before it; everything else describes all bars.
    """
    n = len(sample)
    if n < 3:
        return Report.unknown(sample.symbols, params, f"{n} bars are too few: at least 3")
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
    returns = sample.returns
    return Report(
        sample=sample,
        params=params,
        hedge=hedge,
        spread=spread,
        zscore=score,
        tests=Tests.unknown(reason) if reason else _tests(y, x, spread, params),
        correlation=_correlation(returns),
        jumps=(0.0, 0.0) if returns is None else (_jump(returns[0]), _jump(returns[1])),
        orders=() if reason else (_order(y, params.lags), _order(x, params.lags)),
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


def _tests(y: F64, x: F64, spread: F64, params: ReportParams) -> Tests:
    return Tests(
        adf=adf(spread, params.lags, "c"),
        engle_granger=engle_granger(y, x, params.lags),
        johansen=johansen_pair(y, x, params.lags),
        half_life=half_life(spread, params.simulations),
        hurst=hurst(spread, params.simulations),
        variance_ratios=tuple(variance_ratio(spread, q) for q in HORIZONS),
    )


def _order(leg: F64, lags: Lags) -> tuple[UnitRoot, UnitRoot]:
    return adf(leg, lags, "c"), adf(np.diff(leg), lags, "c")


def _correlation(returns: tuple[F64, F64] | None) -> Correlation:
    if returns is None:
        return Correlation(np.nan, np.nan, 0, "a price is not positive, so it has no log return")
    return correlation(*returns)


def _jump(returns: F64) -> float:
    if not len(returns):
        return 0.0
    moves = np.abs(returns - np.median(returns))
    typical = float(np.median(moves))
    return float(moves.max()) / typical if typical > 0.0 else 0.0
