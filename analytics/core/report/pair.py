"""Everything that is said about a pair over one window of bars. Its JSON form is in `as_json.py`."""

from dataclasses import dataclass, field

import numpy as np

from analytics.core.align import Grid, SlotState
from analytics.core.cointegration.engle_granger import EngleGranger, engle_granger
from analytics.core.cointegration.johansen import Johansen, johansen_pair
from analytics.core.dependence.correlation import Correlation, correlation
from analytics.core.hedges import HedgeFit, Line, fit
from analytics.core.moments import Mask, is_flat, logs
from analytics.core.reversion.half_life import HalfLife, half_life
from analytics.core.reversion.random_walk import HORIZONS, Hurst, VarianceRatio, hurst, variance_ratio
from analytics.core.stationarity.lags import Lags
from analytics.core.stationarity.unit_root import UnitRoot, adf
from analytics.core.windows import HOLES_DIVISOR, MINIMUM_BARS, Prices
from market.core.types import F64, I64


@dataclass(frozen=True, slots=True)
class ReportParams:
    """What is computed and how; `simulations` series give the bands of half-life and Hurst exponent, 0 none."""

    prices: Prices = "log"
    hedge: str = "ols"
    lags: Lags = field(default_factory=Lags)
    z_window: int = 240
    simulations: int = 500


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
    """One window of `n` bars of `symbols` (y, x); a part that is unknown carries its reason."""

    symbols: tuple[str, str]
    n: int
    span_ms: tuple[int, int] | None
    params: ReportParams
    hedge: HedgeFit
    spread: F64
    zscore: ZScore
    tests: Tests
    correlation: Correlation
    #: greatest one-bar move of each leg in units of its median absolute move
    jumps: tuple[float, float]
    #: a unit-root test of each leg and of its change (D11); None where there are too few bars
    orders: tuple[tuple[UnitRoot, UnitRoot], ...] = ()

    @classmethod
    def unknown(cls, symbols: tuple[str, str], params: ReportParams, reason: str) -> "Report":
        """A report that says why there is none."""
        hedge = HedgeFit(params.hedge, 0, Line(np.nan, np.nan), np.nan, reason)
        none = Correlation(np.nan, np.nan, 0, reason)
        return cls(
            symbols,
            0,
            None,
            params,
            hedge,
            np.empty(0),
            ZScore.unknown(reason),
            Tests.unknown(reason),
            none,
            (0.0, 0.0),
        )


def pair_report(
    y: F64,
    x: F64,
    params: ReportParams,
    *,
    symbols: tuple[str, str],
    opened_ms: I64 | None = None,
    has_return: Mask | None = None,
) -> Report:
    """Report of prices of shape (n,), no NaN, positive when in logs; `has_return` (n - 1,) marks true one-bar returns.

    Unit-root tests, half-life and random-walk measures need 120 bars. The last bar is scored with a line fitted
    before it; everything else describes all n bars. KeyError for an unknown hedge method.
    """
    n = len(y)
    if n < 3:
        return Report.unknown(symbols, params, f"{n} bars are too few: at least 3")
    line_y, line_x = (logs(y), logs(x)) if params.prices == "log" else (y, x)
    hedge = fit(params.hedge, line_y, line_x)
    spread = hedge.spread(line_y, line_x)
    short = f"{n} bars are too few: at least {MINIMUM_BARS}" if n < MINIMUM_BARS else ""
    reason = hedge.reason or short
    returns_y, returns_x = _returns(y, has_return), _returns(x, has_return)
    return Report(
        symbols=symbols,
        n=n,
        span_ms=None if opened_ms is None else (int(opened_ms[0]), int(opened_ms[-1])),
        params=params,
        hedge=hedge,
        spread=spread,
        zscore=zscore(line_y, line_x, params),
        tests=Tests.unknown(reason) if reason else _tests(line_y, line_x, spread, params),
        correlation=_correlation(returns_y, returns_x),
        jumps=(_jump(returns_y), _jump(returns_x)),
        orders=() if reason else (_order(line_y, params.lags), _order(line_x, params.lags)),
    )


def grid_report(grid: Grid, params: ReportParams, *, hedge_window: int, stop: int | None = None) -> Report:
    """Report as of the grid's slot `stop` - 1, over it and the `hedge_window` slots before it.

    The z-score then equals the one that `live.score` gives that slot while no window holds a hole. Slots without
    prices are left out; with more than 5 % missing or filled, or without a price in the last slot, nothing is said.
    """
    stop = len(grid) if stop is None else stop
    start = max(stop - hedge_window - 1, grid.first, 0)
    state = grid.state[start:stop]
    least = min(hedge_window, MINIMUM_BARS) + 1
    holes = int(np.count_nonzero(state))
    if len(state) < least:
        return Report.unknown(grid.symbols, params, f"warming up {max(len(state), 0)} of {least}")
    if holes * HOLES_DIVISOR > len(state):
        return Report.unknown(grid.symbols, params, f"{holes} of {len(state)} bars missing or filled")
    if state[-1] == SlotState.MISSING:
        return Report.unknown(grid.symbols, params, grid.why_missing(stop - 1))
    kept = np.flatnonzero(state != SlotState.MISSING)
    is_real = state[kept] == SlotState.REAL
    has_return = (np.diff(kept) == 1) & is_real[1:] & is_real[:-1]
    kept += start
    y, x, opened_ms = grid.y[kept], grid.x[kept], grid.opened_ms[kept]
    return pair_report(y, x, params, symbols=grid.symbols, opened_ms=opened_ms, has_return=has_return)


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


def _returns(prices: F64, has_return: Mask | None) -> F64 | None:
    """Log returns, None where a price is not positive."""
    if not np.all(prices > 0.0):
        return None
    returns = np.diff(logs(prices))
    return returns if has_return is None else returns[has_return]


def _correlation(returns_y: F64 | None, returns_x: F64 | None) -> Correlation:
    if returns_y is None or returns_x is None:
        return Correlation(np.nan, np.nan, 0, "a price is not positive, so it has no log return")
    return correlation(returns_y, returns_x)


def _jump(returns: F64 | None) -> float:
    if returns is None or not len(returns):
        return 0.0
    moves = np.abs(returns - np.median(returns))
    typical = float(np.median(moves))
    return float(moves.max()) / typical if typical > 0.0 else 0.0
