"""Parts of a report: the newest score, and the tests that need many bars and a spread."""

from dataclasses import dataclass

import numpy as np

from analytics.core.cointegration.engle_granger import EngleGranger, engle_granger
from analytics.core.cointegration.johansen import Johansen, johansen_pair
from analytics.core.cointegration.phillips_ouliaris import PhillipsOuliaris, phillips_ouliaris
from analytics.core.hedges import Line
from analytics.core.report.params import ReportParams
from analytics.core.reversion.half_life import HalfLife, half_life
from analytics.core.reversion.random_walk import HORIZONS, Hurst, VarianceRatio, hurst, variance_ratio
from analytics.core.stationarity.integration import IntegrationOrder, integration_order
from analytics.core.stationarity.kpss import Kpss, kpss
from analytics.core.stationarity.ljung_box import LjungBox, ljung_box
from analytics.core.stationarity.unit_root import UnitRoot, adf
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
    """What needs many bars and a spread; the order of integration is asked of each leg (y, x).

    `whiteness` is Ljung-Box of the innovations of the spread's AR(1): a small p says that one lag is not all.
    """

    adf: UnitRoot
    engle_granger: EngleGranger
    johansen: Johansen
    phillips_ouliaris: PhillipsOuliaris
    kpss: Kpss
    whiteness: LjungBox
    half_life: HalfLife
    hurst: Hurst
    variance_ratios: tuple[VarianceRatio, ...]
    orders: tuple[IntegrationOrder, IntegrationOrder]
    reason: str = ""

    @classmethod
    def unknown(cls, reason: str) -> "Tests":
        test = UnitRoot.unknown(reason)
        order = IntegrationOrder(None, test, test, 0, "", reason)
        return cls(
            adf=test,
            engle_granger=EngleGranger(test, test),
            johansen=Johansen.unknown(reason),
            phillips_ouliaris=PhillipsOuliaris.unknown(reason),
            kpss=Kpss(np.nan, np.nan, 0, 0, {}, reason=reason),
            whiteness=LjungBox(np.nan, np.nan, 0, 0, 0, reason),
            half_life=HalfLife.unknown(reason),
            hurst=Hurst(np.nan, (np.nan, np.nan), reason=reason),
            variance_ratios=(),
            orders=(order, order),
            reason=reason,
        )

    @classmethod
    def of(cls, y: F64, x: F64, spread: F64, params: ReportParams) -> "Tests":
        """All tests of two legs in the price space of the fit and of their spread, shape (n,)."""
        lags = params.lags
        return cls(
            adf=adf(spread, lags, "c"),
            engle_granger=engle_granger(y, x, lags),
            johansen=johansen_pair(y, x, lags),
            phillips_ouliaris=phillips_ouliaris(y, x),
            kpss=kpss(spread),
            whiteness=ljung_box(ar1_innovations(spread), fitted=1),
            half_life=half_life(spread, params.simulations),
            hurst=hurst(spread, params.simulations),
            variance_ratios=tuple(variance_ratio(spread, q) for q in HORIZONS),
            orders=(integration_order(y, lags), integration_order(x, lags)),
        )


def ar1_innovations(spread: F64) -> F64:
    """What s_t = c + phi s_{t-1} + e_t leaves of the spread, shape (n - 1,)."""
    before = spread[:-1] - spread[:-1].mean()
    after = spread[1:] - spread[1:].mean()
    square = float(before @ before)
    innovations: F64 = after - (float(before @ after) / square if square > 0.0 else 0.0) * before
    return innovations
