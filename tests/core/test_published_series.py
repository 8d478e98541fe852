"""Printed results for more than two series, and of robust regression, each with the parameters of its entry."""

import numpy as np
import pandas as pd
import pytest

from analytics.core.cointegration.basket import basket
from analytics.core.cointegration.johansen import Johansen, johansen
from analytics.core.hedges import fit
from analytics.core.hedges.huber import huber_regression
from analytics.core.hedges.theil_sen import slope_interval
from analytics.core.reversion.half_life import ar1
from analytics.core.stationarity.lags import Lags
from market.core.types import F64
from tests.core.shared_data import FOLDER, agree, column, needs_shared

pytestmark = needs_shared

CHAN = "chan_EWA_EWC_IGE.csv"
JPLV7 = "jplv7_8series.csv"


def triplet() -> F64:
    return np.column_stack([column(CHAN, leg) for leg in ("EWC", "EWA", "IGE")])


def chan() -> Johansen:
    return johansen(triplet(), Lags("fixed", 1))


def test_chan_johansen_triplet() -> None:
    found = chan()
    agree(found.trace, CHAN, "johansen_trace triplet")
    agree(found.max_eigen, CHAN, "johansen_maxeig triplet")
    agree(found.trace_critical, CHAN, "johansen_crit_trace triplet 90/95/99")
    agree(found.max_eigen_critical, CHAN, "johansen_crit_maxeig triplet 90/95/99")
    agree(found.eigenvalues, CHAN, "johansen_eigenvalues triplet")


def test_chan_first_eigenvector() -> None:
    """Normalised to v' S_kk v = 1 with its first element positive, as all of `Johansen.vectors`."""
    agree(chan().vectors[0], CHAN, "johansen_first_eigenvector triplet")


@pytest.mark.parametrize("statistic", ["trace", "maxeig"])
def test_eight_series_with_nine_lags(statistic: str) -> None:
    levels = np.asarray(pd.read_csv(FOLDER / "published" / JPLV7), np.float64)
    found = johansen(levels, Lags("fixed", 9))
    agree(found.trace if statistic == "trace" else found.max_eigen, JPLV7, f"johansen_{statistic} det0 k9")


def test_chan_half_life_of_the_first_eigenvector() -> None:
    """Chan's convention -ln 2 / lambda, lambda = phi - 1, of the whole basket's spread."""
    spread = basket(triplet(), Lags("fixed", 1)).spread
    agree(-np.log(2.0) / (ar1(spread) - 1.0), CHAN, "half_life_days first eigenvector portfolio")


def test_stackloss_by_huber() -> None:
    table = pd.read_csv(FOLDER / "published" / "stackloss.csv").astype(float)
    found = huber_regression(np.asarray(table["STACKLOSS"]), table[["AIRFLOW", "WATERTEMP", "ACIDCONC"]].to_numpy())
    agree([*found.coefficients, found.intercept], "stackloss.csv", "huber_params airflow,watertemp,acid,const")
    agree(found.scale, "stackloss.csv", "huber_scale")


def test_sen_interval() -> None:
    interval = slope_interval(column("sen_1968.csv", "y"), column("sen_1968.csv", "x"), 0.93)
    agree(interval, "sen_1968.csv", "theil_sen_slope_interval_93pct")


def test_sen_intercept_of_medians() -> None:
    """The other convention than `fit`'s, median(y - b x), from the same slope."""
    y, x = column("sen_1968.csv", "y"), column("sen_1968.csv", "x")
    ratio = fit("theil-sen", y, x).line.ratio
    agree(np.median(y) - ratio * np.median(x), "sen_1968.csv", "theil_sen_intercept median(y)-slope*median(x)")
