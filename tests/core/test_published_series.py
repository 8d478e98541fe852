"""Printed results for more than two series, each with the parameters of its entry."""

import numpy as np
import pandas as pd
import pytest

from analytics.core.cointegration.johansen import Johansen, johansen
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
