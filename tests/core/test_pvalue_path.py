"""The path of p-values: the plain test, window by window."""

import numpy as np
import pytest

from analytics.core.cointegration.engle_granger import engle_granger
from analytics.core.cointegration.path import pvalue_path
from analytics.core.stationarity.lags import Lags

LAGS = Lags()


def prices(n: int = 500) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(11)
    x = np.cumsum(random.normal(size=n))
    return 1.5 * x + random.normal(size=n), x


def test_each_value_is_the_test_of_its_window() -> None:
    y, x = prices()
    path = pvalue_path(y, x, 200, LAGS, steps=7)
    assert len(path.ends) == 7
    assert path.ends[-1] == 499
    for end, value in zip(path.ends, path.pvalue, strict=True):
        assert value == engle_granger(y[end - 199 : end + 1], x[end - 199 : end + 1], LAGS).pvalue


def test_the_future_changes_nothing_before_it() -> None:
    y, x = prices()
    short, long = pvalue_path(y[:300], x[:300], 200, LAGS, steps=101), pvalue_path(y, x, 200, LAGS, steps=301)
    known = dict(zip(long.ends.tolist(), long.pvalue.tolist(), strict=True))
    assert {end: known[end] for end in short.ends.tolist()} == dict(
        zip(short.ends.tolist(), short.pvalue.tolist(), strict=True)
    )


def test_a_window_with_a_hole_is_unknown() -> None:
    y, x = prices()
    y[250] = np.nan
    path = pvalue_path(y, x, 200, LAGS, steps=301)
    is_touched = (path.ends >= 250) & (path.ends < 450)
    assert np.isnan(path.pvalue[is_touched]).all()
    assert np.isfinite(path.pvalue[~is_touched]).all()


@pytest.mark.parametrize(("n", "values"), [(199, 0), (200, 1), (203, 4)])
def test_too_few_bars_give_no_value(n: int, values: int) -> None:
    y, x = prices(n)
    assert len(pvalue_path(y, x, 200, LAGS).ends) == values
